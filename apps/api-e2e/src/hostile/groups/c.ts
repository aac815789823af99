import type { HostileGroup } from '../case';
import { inNeitherRole } from '../case';
import { ACCESS_ROWS } from './c-access';
import { ORDER_ROWS } from './c-order';
import { TRANSFER_ROWS } from './c-transfer';

export const groupC: HostileGroup = {
  name: 'C',
  title: 'state machine and authorisation',
  rows: [
    ...ORDER_ROWS,
    ...ACCESS_ROWS,
    ...TRANSFER_ROWS,
    ...inNeitherRole('W070', 'ferry/1 acknowledges no chunks; the nearest, blocks.available, is W120 and W121'),
    ...inNeitherRole(
      'W081',
      'ferry/1 has no resume tokens: who resumes asks for blocks by file id, which is W067 and W068',
    ),
  ],
};
