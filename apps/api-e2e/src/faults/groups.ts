import { FAILING_CALLS } from './groups/errors';
import { FULL_DISK } from './groups/full';
import { POWER_IMAGES } from './groups/images';
import { KILL_AT_CALL } from './groups/kill';
import { EXT4_POWER_CUTS, XFS_POWER_CUTS } from './groups/power';
import { RANDOM_KILLS } from './groups/random-kills';
import { READ_ONLY } from './groups/read-only';
import { SECOND_PROCESS } from './groups/second-process';
import { SHORT_WRITES } from './groups/short-writes';
import { DAMAGED_DATABASE } from './groups/sqlite';
import type { FaultGroup } from './scenario';

export const GROUPS: readonly FaultGroup[] = [
  KILL_AT_CALL,
  RANDOM_KILLS,
  FAILING_CALLS,
  SHORT_WRITES,
  FULL_DISK,
  READ_ONLY,
  EXT4_POWER_CUTS,
  XFS_POWER_CUTS,
  POWER_IMAGES,
  DAMAGED_DATABASE,
  SECOND_PROCESS,
];
