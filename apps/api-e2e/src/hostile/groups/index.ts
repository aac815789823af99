import type { HostileGroup } from '../case';
import { groupA } from './a';
import { groupB } from './b';
import { groupC } from './c';

export const GROUPS: readonly HostileGroup[] = [groupA, groupB, groupC];
