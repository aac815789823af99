import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PeerTransport } from '../transport/peer-transport';
import { PeersRepository } from './peers.repository';

/** Tells the transport whom to serve. */
@Injectable()
export class PeerTrust implements OnModuleInit {
  private readonly expected = new Map<string, number>();

  constructor(
    private readonly transport: PeerTransport,
    private readonly repository: PeersRepository,
  ) {}

  onModuleInit(): void {
    this.transport.useTrust((id) => this.repository.isPaired(id) || this.isExpected(id));
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

  /** Whether a claim of this device's invitation is under way. */
  isExpected(id: string): boolean {
    return this.expected.has(id);
  }
}
