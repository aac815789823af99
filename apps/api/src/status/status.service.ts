import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeStatus } from '@ferry/protocol';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { BoundPorts } from '../config/bound-ports';
import { VERSION } from '../config/version';
import { LocalDevice } from '../peers/local-device';
import { NodeTotals } from './node-totals';

/** Says what this node is and how it fares. */
@Injectable()
export class StatusService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly ports: BoundPorts,
    private readonly device: LocalDevice,
    private readonly totals: NodeTotals,
  ) {}

  /** A snapshot; the free space is asked of the file system each time. */
  async read(): Promise<NodeStatus> {
    const { config } = this;
    return {
      device: { id: this.device.id, name: this.device.name },
      version: VERSION,
      ports: this.ports.current,
      addresses: this.device.addresses(),
      limits: {
        maxFileSize: config.maxFileSize,
        allowedExtensions: config.allowedExtensions,
        blockedExtensions: config.blockedExtensions,
      },
      storage: {
        sharedDir: config.sharedDir,
        receivedDir: config.receivedDir,
        ...(await freeSpace(config.receivedDir)),
      },
      totals: this.totals.count(),
    };
  }
}

async function freeSpace(folder: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
