import { SAS_SYMBOLS } from '@ferry/protocol';

const EMOJI = new Map(SAS_SYMBOLS.map(({ name, emoji }) => [name, emoji]));

/** The picture of a symbol of a comparison; the name itself stands below it in any case. */
export function symbolEmoji(name: string): string {
  return EMOJI.get(name) ?? '';
}
