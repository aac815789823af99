import { chmod, chown, link, mkdir, open, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deepFile, type HostileObject, listenOn, mountAt, type ObjectGround, system } from './hostile-object';

const GIBIBYTE = 1_073_741_824;
const LINK = /symbolic link/;
const UNREADABLE = /EACCES|may not be read|permission/i;
const NOBODY = 65_534;
/** Folders of 64 components hold their files at the 65th: the deepest file that is listed has 63 folders above it in all. */
const LISTED_DEPTH = 62;

const object = ({ folder }: ObjectGround) => join(folder, 'object');
const linkTo = (target: (ground: ObjectGround) => string) => (ground: ObjectGround) =>
  symlink(target(ground), object(ground));

async function linkChain(ground: ObjectGround): Promise<void> {
  await symlink(join(ground.outside, 'secret.txt'), join(ground.folder, 'chain-0'));
  for (let at = 1; at < 41; at++) await symlink(`chain-${at - 1}`, join(ground.folder, `chain-${at}`));
}

/** What stands still: there when the node starts. The rest of the 24 objects changes while it runs, see `moving.ts`. */
export const STILL_OBJECTS: readonly HostileObject[] = [
  {
    id: 'S01',
    title: 'a symlink to a file outside',
    make: linkTo(() => '../../secret.txt'),
    expected: [{ skipped: LINK }],
  },
  {
    id: 'S02',
    title: 'a symlink to a folder outside',
    make: linkTo(({ outside }) => outside),
    expected: [{ skipped: LINK }],
  },
  { id: 'S03', title: 'a symlink to the parent', make: linkTo(() => '..'), expected: [{ skipped: LINK }] },
  { id: 'S04', title: 'a dangling symlink', make: linkTo(() => 'nothing'), expected: [{ skipped: LINK }] },
  {
    id: 'S05',
    title: 'an absolute symlink to a file of the system',
    make: linkTo(() => '/etc/passwd'),
    expected: [{ skipped: LINK }],
  },
  { id: 'S06', title: 'a chain of 41 symlinks', make: linkChain, expected: [{ skipped: LINK }] },
  {
    id: 'S09',
    title: 'a hard link to a private file of somebody else',
    make: async (ground) => {
      const theirs = join(ground.outside, 'theirs.txt');
      await writeFile(theirs, 'private', { mode: 0o600 });
      await chown(theirs, NOBODY, NOBODY);
      await link(theirs, object(ground));
    },
    expected: [{ skipped: UNREADABLE }],
  },
  {
    id: 'S10',
    title: 'a FIFO that nobody writes to',
    make: (ground) => system('mkfifo', object(ground)),
    expected: [{ skipped: /named pipe/ }],
  },
  {
    id: 'S11',
    title: 'a UNIX socket',
    make: (ground) => listenOn(ground, object(ground)),
    expected: [{ skipped: /socket/ }],
  },
  {
    id: 'S12',
    title: 'a device node that never ends',
    make: (ground) => system('mknod', object(ground), 'c', '1', '5'),
    expected: [{ skipped: /device/ }],
  },
  {
    id: 'S13',
    title: 'a file of /proc, endless for its size of 0',
    make: async (ground) => {
      await writeFile(object(ground), '');
      await mountAt(ground, object(ground), '--bind', '/proc/kallsyms');
    },
    expected: [{ listed: 'object', size: 0 }],
  },
  {
    id: 'S14',
    title: 'a file that may not be read',
    make: async (ground) => {
      await writeFile(object(ground), 'unreadable');
      await chmod(object(ground), 0);
    },
    expected: [{ skipped: UNREADABLE }],
  },
  {
    id: 'S15',
    title: 'a folder that may not be entered',
    make: async (ground) => {
      await mkdir(object(ground));
      await writeFile(join(object(ground), 'inside.txt'), 'inside');
      await chmod(object(ground), 0o600);
      ground.defer(() => chmod(object(ground), 0o700));
    },
    expected: [{ skipped: /EACCES|cannot be read|permission/i }],
  },
  {
    id: 'S16',
    title: 'a sparse file of 100 GiB',
    make: async (ground) => {
      await (await open(object(ground), 'w')).close();
      await truncate(object(ground), 100 * GIBIBYTE);
    },
    expected: [{ listed: 'object', size: 100 * GIBIBYTE }],
  },
  {
    id: 'S17',
    title: 'a file of 0 bytes',
    make: (ground) => writeFile(object(ground), ''),
    expected: [{ listed: 'object', size: 0 }],
  },
  {
    id: 'S18',
    title: 'names that are no UTF-8',
    make: async ({ folder }) => {
      const name = Buffer.concat([Buffer.from(`${folder}/f`), Buffer.of(0xff, 0xfe), Buffer.from('.txt')]);
      await writeFile(name, 'cannot be named');
    },
    expected: [{ skipped: /UTF-8/ }],
  },
  {
    id: 'S20',
    title: 'a tree of 64 folders and one too deep',
    make: async ({ folder }) => {
      await deepFile(folder, LISTED_DEPTH);
      await deepFile(join(folder, 'd'), 70);
    },
    expected: [{ listed: `${'d/'.repeat(LISTED_DEPTH)}deep.txt`, size: 4 }, { skipped: /deep/ }],
  },
  {
    id: 'S21',
    title: 'a mount point inside',
    make: async (ground) => {
      await mkdir(object(ground));
      await mountAt(ground, object(ground), '-t', 'tmpfs', '-o', 'size=1m', 'ferry-test');
      await writeFile(join(object(ground), 'mounted.txt'), 'mounted');
    },
    expected: [{ listed: 'object/mounted.txt', size: 7 }],
  },
  {
    id: 'S24',
    title: 'an immutable file',
    make: async (ground) => {
      await writeFile(object(ground), 'immutable');
      await system('chattr', '+i', object(ground));
      ground.defer(() => system('chattr', '-i', object(ground)));
    },
    expected: [{ listed: 'object', size: 9 }],
  },
];
