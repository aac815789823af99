import type { HostileGroup } from '../case';
import { groupA } from './a';
import { groupB } from './b';
import { groupC } from './c';
import { groupD } from './d';
import { groupE } from './e';
import { groupF } from './f';

export const GROUPS: readonly HostileGroup[] = [groupA, groupB, groupC, groupD, groupE, groupF];
