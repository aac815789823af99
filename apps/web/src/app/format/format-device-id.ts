/** The device id in groups of seven, as people compare it. */
export function formatDeviceId(id: string): string {
  return id.match(/.{1,7}/g)?.join('-') ?? id;
}
