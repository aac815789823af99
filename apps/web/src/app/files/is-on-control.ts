/** Whether the event comes from something in the row that does something of its own. */
export function isOnControl({ target }: Event): boolean {
  return target instanceof Element && target.closest('a, button, input') !== null;
}
