/** What the user pasted, as one line: mail programs and terminals break long lines and add spaces. */
export function cleanInvitation(text: string): string {
  return text.replace(/[\s\u200b\ufeff]+/g, '').replace(/^["'<]+|["'>]+$/g, '');
}

/** What is plainly wrong with it, in a sentence; null when the node may try it. */
export function invitationProblem(uri: string): string | null {
  if (uri === '') return 'Paste the invitation that the other device shows.';
  if (/^ferry:\/\/pair\?/i.test(uri)) return null;
  if (/^(\[[\da-f:.]+\]|[\w.-]+):\d+$/i.test(uri)) {
    return 'This is an address. An invitation begins with ferry://pair? – to add a device by address, use “Add by address”.';
  }
  return 'This is no invitation: it begins with ferry://pair? – copy the whole text that the other device shows.';
}
