import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceIdentity } from '../../transport/identity';
import type { PeerSession } from '../../transport/peer-session';
import { PeerTransport } from '../../transport/peer-transport';

/** A device that speaks the protocol but is no node: it asks what the test tells it to. */
export class Stranger {
  private constructor(
    private readonly transport: PeerTransport,
    private readonly folder: string,
    readonly id: string,
  ) {}

  static async create(name = 'Stranger'): Promise<Stranger> {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-stranger-'));
    const identity = await DeviceIdentity.load(folder);
    const transport = new PeerTransport(identity, { host: '127.0.0.1', port: 0, deviceName: () => name });
    return new Stranger(transport, folder, identity.deviceId);
  }

  dial(address: string): Promise<PeerSession> {
    return this.transport.dial(address);
  }

  async remove(): Promise<void> {
    await this.transport.close();
    rmSync(this.folder, { recursive: true });
  }
}
