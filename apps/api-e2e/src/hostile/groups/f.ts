import type { HostileGroup } from '../case';
import { DISCOVERY_ROWS } from './f-discovery';
import { EVENT_ROWS } from './f-events';
import { MANY_ROWS } from './f-many';
import { SLOW_ROWS } from './f-slow';

export const groupF: HostileGroup = {
  name: 'F',
  title: 'exhaustion',
  memoryMiB: 64,
  env: { FERRY_DISCOVERY: 'on', FERRY_DISCOVERY_INTERFACE: '127.0.0.1' },
  rows: [...SLOW_ROWS, ...EVENT_ROWS, ...DISCOVERY_ROWS, ...MANY_ROWS],
};
