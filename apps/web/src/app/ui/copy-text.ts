/**
 * Copies text also where the page is no secure context and has no Clipboard API (a LAN address over plain HTTP).
 * @returns false when the browser refused; the text should then be selected for the user to copy.
 */
export async function copyText(text: string, document: Document): Promise<boolean> {
  const clipboard = document.defaultView?.navigator.clipboard as Clipboard | undefined;
  if (clipboard) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // permission denied: the old way may still work
    }
  }
  return copyBySelection(text, document);
}

function copyBySelection(text: string, document: Document): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'visually-hidden';
  // Inside an open dialog the rest of the page is inert and cannot take the focus.
  (document.querySelector('.modal.show .modal-body') ?? document.body).appendChild(field);
  field.select();
  const copied = document.execCommand?.('copy') ?? false;
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
