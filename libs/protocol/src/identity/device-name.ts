import { MAX_NAME_CHARS } from '../limits';
import { displayText } from '../text/display-text';

/** A device name from anywhere as one safe line of 1 to 64 code points. */
export function deviceName(text: string): string {
  return displayText(text, MAX_NAME_CHARS) || 'unnamed device';
}
