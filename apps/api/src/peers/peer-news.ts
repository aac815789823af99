import type { PeerPermissions } from '@ferry/protocol';
import { Injectable, Logger } from '@nestjs/common';
import { Listeners } from './listeners';
import type { LinkChange } from './presence/peer-link';
import { Presence } from './presence/presence';

type PeerListener = (peerId: string) => void;

/** What happens to peers, for the other parts of the node. Each method with `on` returns the way to end the subscription. */
@Injectable()
export class PeerNews {
  private readonly logger = new Logger(PeerNews.name);
  readonly removed = new Listeners<[peerId: string]>(this.logger);
  readonly cutOff = new Listeners<[peerId: string]>(this.logger);
  readonly permissionsChanged = new Listeners<[peerId: string, before: PeerPermissions]>(this.logger);
  readonly shareChanged = new Listeners<[peerId: string]>(this.logger);

  constructor(private readonly presence: Presence) {}

  /** A paired peer came online. */
  onOnline(listener: PeerListener): () => void {
    return this.onPresence('online', listener);
  }

  /** A paired peer went offline. */
  onOffline(listener: PeerListener): () => void {
    return this.onPresence('offline', listener);
  }

  /** A paired peer turns out to have forgotten this device. */
  onDistrusted(listener: PeerListener): () => void {
    return this.onPresence('distrusted', listener);
  }

  /** A peer is forgotten. */
  onRemoved(listener: PeerListener): () => void {
    return this.removed.add(listener);
  }

  /** A peer is forgotten or blocked: nothing goes on with it. */
  onCutOff(listener: PeerListener): () => void {
    return this.cutOff.add(listener);
  }

  /** The user changed what a peer may do here. */
  onPermissionsChanged(listener: (peerId: string, before: PeerPermissions) => void): () => void {
    return this.permissionsChanged.add(listener);
  }

  /** The share of a paired peer is not as it was. */
  onShareChanged(listener: PeerListener): () => void {
    return this.shareChanged.add(listener);
  }

  private onPresence(wanted: LinkChange, listener: PeerListener): () => void {
    return this.presence.onChange((id, change) => {
      if (change === wanted) listener(id);
    });
  }
}
