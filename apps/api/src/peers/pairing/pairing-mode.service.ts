import type { PairingMode } from '@ferry/protocol';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventsService } from '../../events/events.service';
import { PEERS_OPTIONS, type PeersOptions } from '../peers-options';

/** Whether other devices may ask this one to compare. Closed at the start, and again some minutes after the user opened it. */
@Injectable()
export class PairingModeService implements OnModuleDestroy {
  private closing?: { readonly timer: NodeJS.Timeout; readonly at: number };

  constructor(
    private readonly events: EventsService,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.closing?.timer);
  }

  get isOpen(): boolean {
    return this.closing !== undefined && this.options.now() < this.closing.at;
  }

  current(): PairingMode {
    if (!this.closing || !this.isOpen) return { open: false };
    return { open: true, until: new Date(this.closing.at).toISOString() };
  }

  /** Opens for the whole time again, or closes at once. A comparison under way goes on. */
  set(open: boolean): PairingMode {
    clearTimeout(this.closing?.timer);
    this.closing = undefined;
    if (open) {
      const { pairingModeMs } = this.options;
      const timer = setTimeout(() => this.set(false), pairingModeMs).unref();
      this.closing = { timer, at: this.options.now() + pairingModeMs };
    }
    const mode = this.current();
    this.events.publish('pairing-mode.changed', mode);
    return mode;
  }
}
