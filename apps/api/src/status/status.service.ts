import { statfs } from 'node:fs/promises';
import { FileStore } from '@ferry/file-store';
import { Injectable } from '@nestjs/common';
import type { NodeStatus } from '@ferry/protocol';
import { BoundPorts } from '../config/bound-ports';
import { VERSION } from '../config/version';
import { LocalDevice } from '../peers/local-device';
import { SettingsService } from '../settings/settings.service';
import { NodeTotals } from './node-totals';

/** Says what this node is and how it fares. */
@Injectable()
export class StatusService {
  constructor(
    private readonly store: FileStore,
    private readonly settings: SettingsService,
    private readonly ports: BoundPorts,
    private readonly device: LocalDevice,
    private readonly totals: NodeTotals,
  ) {}

  /** A snapshot; the free space is asked of the file system each time. */
  async read(): Promise<NodeStatus> {
    const { maxFileSize, allowedExtensions, blockedExtensions, sharedDir, receivedDir } = this.settings.current();
    return {
      device: { id: this.device.id, name: this.device.name },
      version: VERSION,
      ports: this.ports.current,
      addresses: this.device.addresses(),
      limits: { maxFileSize, allowedExtensions, blockedExtensions },
      storage: { sharedDir, receivedDir, ...(await freeSpace(receivedDir)), ...this.keptAndMissing() },
      totals: this.totals.count(),
    };
  }

  private keptAndMissing(): Pick<NodeStatus['storage'], 'trashBytes' | 'unusable'> {
    const unusable = this.store.unusableFolders();
    return { trashBytes: this.store.trashBin.totals().bytes, ...(unusable.length > 0 && { unusable }) };
  }
}

/** Of a folder that is not there it is nothing. */
async function freeSpace(folder: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const found = await statfs(folder).catch(() => undefined);
  if (!found) return { freeBytes: 0, totalBytes: 0 };
  return { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
}
