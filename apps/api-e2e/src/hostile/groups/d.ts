import type { HostileGroup } from '../case';
import { inNeitherRole } from '../case';
import { ENTRY_ROWS } from './d-entry';
import { NAME_ROWS } from './d-names';
import { MAX_FILE_SIZE, OFFER_ROWS } from './d-offer';

export const groupD: HostileGroup = {
  name: 'D',
  title: 'offers and metadata',
  env: { FERRY_MAX_FILE_SIZE: String(MAX_FILE_SIZE) },
  rows: [
    ...OFFER_ROWS,
    ...ENTRY_ROWS,
    ...NAME_ROWS,
    ...inNeitherRole(
      'W094',
      'ferry/1 has one chunk size, which nobody sends; DATA of another size than its prefix means is W109 and W115',
    ),
  ],
};
