const ANNOUNCED_CHARS = 14;

/** The beginning of a device id that a device announces on its network: all that is known of a `nearby` one. */
export function announcedId(deviceId: string): string {
  return deviceId.slice(0, ANNOUNCED_CHARS);
}
