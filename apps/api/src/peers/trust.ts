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

/** Decides what a device may do here, and tells the transport whom to serve and whom to refuse. */
@Injectable()
export class PeerTrust implements OnModuleInit {
  private readonly expected = new Map<string, number>();

  constructor(
    private readonly transport: PeerTransport,
    private readonly repository: PeersRepository,
  ) {}

  onModuleInit(): void {
    this.transport.useTrust((id) => this.isTrusted(id));
    this.transport.useBlocklist((id) => this.repository.isBlocked(id));
  }

  /** What the device may do here, as of now. One that is not trusted may do nothing. */
  permissionsOf(id: string): PeerPermissions {
    const stored = this.repository.permissions(id) ?? DEFAULT_PERMISSIONS;
    return this.isTrusted(id) ? stored : { ...stored, seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0 };
  }

  /**
   * Trusts a device while we claim its invitation: the user has chosen this very key, and the inviter's first
   * request may arrive in one packet with the answer that pairs us.
   * @returns the way to end that.
   */
  expect(id: string): () => void {
    this.expected.set(id, (this.expected.get(id) ?? 0) + 1);
    return () => {
      const others = (this.expected.get(id) ?? 1) - 1;
      if (others > 0) this.expected.set(id, others);
      else this.expected.delete(id);
    };
  }

  private isTrusted(id: string): boolean {
    return !this.repository.isBlocked(id) && (this.repository.isPaired(id) || this.isExpected(id));
  }

  /** Whether a claim of this device's invitation is under way. */
  isExpected(id: string): boolean {
    return this.expected.has(id);
  }
}
