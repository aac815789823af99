/** Whether a dynamic import could not fetch its code. Browsers tell it only by their words. */
export function isLoadFailure(error: unknown): boolean {
  return error instanceof TypeError && /import/i.test(error.message);
}
