import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseModule } from '../../database/database.module';
import type { Env } from '../../config/env-reader';
import { ContentModule } from '../../files/content.module';
import { FilesModule } from '../../files/files.module';
import { PreviewsModule } from '../../previews/previews.module';
import { ThumbnailsModule } from '../../thumbnails/thumbnails.module';
import { TrashModule } from '../../trash/trash.module';
import { UploadsModule } from '../../uploads/uploads.module';
import { startTestApp, type TestApp } from './test-app';

export interface ShareNode extends TestApp {
  readonly sharedDir: string;
  readonly receivedDir: string;
  /** Every file below the folders of the node but its database, relative, sorted. */
  filesOnDisk(): Promise<string[]>;
}

/** A node with an empty share in a temporary folder, which goes away with it. */
export async function startShareNode(env: Env = {}): Promise<ShareNode> {
  const root = await mkdtemp(join(tmpdir(), 'ferry-files-'));
  const [sharedDir, receivedDir] = [join(root, 'shared'), join(root, 'received')];
  await Promise.all([mkdir(sharedDir), mkdir(receivedDir)]);
  const folders = { FERRY_SHARED_DIR: sharedDir, FERRY_RECEIVED_DIR: receivedDir, FERRY_DATA_DIR: join(root, 'data') };
  const node = await startTestApp({
    env: { ...folders, ...env },
    imports: [DatabaseModule, FilesModule, TrashModule, UploadsModule, ContentModule, PreviewsModule, ThumbnailsModule],
  });
  return {
    ...node,
    sharedDir,
    receivedDir,
    filesOnDisk: async () => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(root, 'data')))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort();
    },
    close: async () => {
      await node.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
