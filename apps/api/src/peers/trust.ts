import type { PeerPermissions } from '@ferry/protocol';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PeerTransport } from '../transport/peer-transport';
import { PeersRepository } from './peers.repository';

/** What the user lets a device do right after pairing. */
const DEFAULT_PERMISSIONS: PeerPermissions = {
  seeMyFiles: true,
  sendToMe: true,
  autoAcceptBytes: 0,
  blocked: false,
};

/** A pairing under way whose outcome requests wait for. */
class Expectation {
  claims = 0;
  end: (isTrusted: boolean) => void = () => undefined;
  readonly outcome = new Promise<boolean>((resolve) => (this.end = resolve));
}

/** Decides what a device may do here, and tells the transport whom to serve and whom to refuse. */
@Injectable()
export class PeerTrust implements OnModuleInit {
  private readonly expected = new Map<string, Expectation>();

  constructor(
    private readonly transport: PeerTransport,
    private readonly repository: PeersRepository,
  ) {}

  onModuleInit(): void {
    this.transport.useTrust((id) => this.isTrusted(id) || this.isAboutToBe(id));
    this.transport.useBlocklist((id) => this.repository.isBlocked(id));
  }

  /** What the device may do here, as of now. One that is not trusted may do nothing. */
  permissionsOf(id: string): PeerPermissions {
    const stored = this.repository.permissions(id) ?? DEFAULT_PERMISSIONS;
    return this.isTrusted(id) ? stored : { ...stored, seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0 };
  }

  /**
   * Lets the requests of a device wait while it is being paired: its first one may arrive in one packet with the
   * answer that makes us trust it. Nothing is answered before trust is stored.
   * @returns the way to end that; what waited is then answered or refused.
   */
  expect(id: string): () => void {
    const expectation = this.expected.get(id) ?? new Expectation();
    expectation.claims += 1;
    this.expected.set(id, expectation);
    return () => {
      expectation.claims -= 1;
      if (expectation.claims > 0) return;
      this.expected.delete(id);
      expectation.end(this.isTrusted(id));
    };
  }

  private isTrusted(id: string): boolean {
    return !this.repository.isBlocked(id) && this.repository.isPaired(id);
  }

  private isAboutToBe(id: string): boolean | Promise<boolean> {
    return this.repository.isBlocked(id) ? false : (this.expected.get(id)?.outcome ?? false);
  }
}
