/** Characters that take no room on the screen but would hide an extension. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const TRAILING_SPACE_OR_DOT = /[\s.]+$/u;

/** The extension as a system would understand it, lower case, without the dot; `''` for none. */
export function extensionOf(name: string): string {
  const plain = name.normalize('NFKC').replace(INVISIBLE, '').replace(TRAILING_SPACE_OR_DOT, '');
  const dot = plain.lastIndexOf('.');
  return dot < 0 ? '' : plain.slice(dot + 1).toLowerCase();
}

/** Every extension that some system could see in `name`: Windows ends a name at a colon. */
export function possibleExtensions(name: string): string[] {
  return name.split(':').map(extensionOf);
}
