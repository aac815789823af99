import type { HostileGroup } from '../case';
import { CUT_ROWS } from './a-cut';
import { FORGED_ROWS } from './a-forged';
import { IDENTITY_ROWS } from './a-identity';
import { MANY_ROWS } from './a-many';
import { PAIRING_ROWS } from './a-pairing';
import { TLS_ROWS } from './a-tls';

export const groupA: HostileGroup = {
  name: 'A',
  title: 'before and during TLS, identity, pairing',
  rows: [...TLS_ROWS, ...FORGED_ROWS, ...IDENTITY_ROWS, ...CUT_ROWS, ...MANY_ROWS, ...PAIRING_ROWS],
};
