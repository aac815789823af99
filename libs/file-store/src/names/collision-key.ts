/** Without an upper-case letter of its own in Unicode's case folding: it is not an `i`. */
const DOTLESS_I = 'ı';
/** One fold can make letters that fold again, and forms that compose again; more rounds than this no character needs. */
const MAX_ROUNDS = 4;
/** Names of these alone fold as lower case: nearly all, and much faster. */
const PLAIN = /^[\x20-\x7e]*$/u;

/**
 * What two names in one folder must not have in common: NFKC and full case folding (Unicode 3.13, 3.11), so that they stay two
 * files also where a file system takes no notice of case or of the form of a character.
 * @param component one path component.
 */
export function collisionKey(component: string): string {
  if (PLAIN.test(component)) return component.toLowerCase();
  let key = component.normalize('NFD'); // first: U+0345 is a mark until it folds to a letter
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = fold(key).normalize('NFKC');
    if (next === key) return key;
    key = next;
  }
  return key;
}

/** Character by character, as JavaScript looks at the neighbours of a sigma. */
function fold(text: string): string {
  let folded = '';
  for (const character of text) {
    // lower case first: ẞ has no upper case, and its lower case ß has SS
    folded += character === DOTLESS_I ? character : lower(lower(character).toUpperCase());
  }
  return folded;
}

function lower(text: string): string {
  let result = '';
  for (const character of text) result += character.toLowerCase();
  return result;
}
