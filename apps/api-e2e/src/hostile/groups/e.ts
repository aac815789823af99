import type { HostileGroup } from '../case';
import { DATA_ROWS } from './e-data';
import { FILE_ROWS } from './e-files';
import { RANGE_ROWS } from './e-ranges';

export const groupE: HostileGroup = {
  name: 'E',
  title: 'data',
  rows: [...DATA_ROWS, ...RANGE_ROWS, ...FILE_ROWS],
};
