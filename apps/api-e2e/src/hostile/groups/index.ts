import type { HostileGroup } from '../case';
import { groupB } from './b';
import { groupC } from './c';

export const GROUPS: readonly HostileGroup[] = [groupB, groupC];
