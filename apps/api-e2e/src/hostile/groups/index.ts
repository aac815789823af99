import type { HostileGroup } from '../case';
import { groupB } from './b';

export const GROUPS: readonly HostileGroup[] = [groupB];
