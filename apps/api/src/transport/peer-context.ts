import { BaseRpcContext } from '@nestjs/microservices';
import type { PeerSession } from './peer-session';

/** What a handler of peer messages may see of the asking side: `@Ctx() context: PeerContext`. */
export class PeerContext extends BaseRpcContext<[PeerSession, boolean, AbortSignal]> {
  /** Device id of who asks, proved by TLS. */
  get peerId(): string {
    return this.session.peerId;
  }

  get session(): PeerSession {
    return this.args[0];
  }

  /** Whether the device was paired when it asked. */
  get isPaired(): boolean {
    return this.args[1];
  }

  /** Aborts when the peer cancels the request or the session ends. */
  get signal(): AbortSignal {
    return this.args[2];
  }
}
