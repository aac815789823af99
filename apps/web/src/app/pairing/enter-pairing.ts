import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { sentenceOf } from '../http/sentence-of';
import { PeersStore } from '../peers/peers-store';
import { ComparisonStart } from './comparison-start';
import { readPairingText } from './pairing-text';
import { PairingsStore } from './pairings-store';

/** An invitation pairs in one step; an address begins a comparison. */
@Component({
  selector: 'app-enter-pairing',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form (submit)="$event.preventDefault(); enter(field.value)">
      <label class="form-label" for="pairing-text">Invitation or address of the other device</label>
      <textarea
        #field
        id="pairing-text"
        class="form-control mono"
        rows="4"
        maxlength="8000"
        placeholder="ferry://pair?id=…  or  192.168.1.44:8000"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="pairing-text-error pairing-text-help"
        [class.is-invalid]="error()"
        [attr.aria-invalid]="error() !== null"
      ></textarea>
      <div id="pairing-text-error" class="invalid-feedback" role="alert">{{ error() }}</div>
      <div id="pairing-text-help" class="form-text">
        An invitation pairs at once and is valid for two minutes. With an address you compare a code on both devices.
      </div>
      <div class="d-flex justify-content-end mt-3">
        <button type="submit" class="btn btn-primary" [attr.aria-disabled]="isBusy()">
          @if (isBusy()) {
            <span class="spinner-border spinner-border-sm me-2" aria-hidden="true"></span>Connecting…
          } @else {
            Pair
          }
        </button>
      </div>
    </form>
  `,
})
export class EnterPairing {
  private readonly store = inject(PairingsStore);
  private readonly peers = inject(PeersStore);
  private readonly starts = inject(ComparisonStart);
  private readonly isClaiming = signal(false);

  /** With the name of the new peer. */
  readonly paired = output<string>();

  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = computed(() => this.isClaiming() || this.starts.dialling() !== null);

  protected async enter(text: string): Promise<void> {
    if (this.isBusy()) return;
    const read = readPairingText(text);
    this.error.set('problem' in read ? read.problem : null);
    if ('uri' in read) await this.claim(read.uri);
    if ('address' in read) await this.compare(read.address);
  }

  private async claim(uri: string): Promise<void> {
    this.starts.clear();
    this.isClaiming.set(true);
    try {
      const { peerId } = await this.store.claim({ uri });
      await this.peers.load();
      this.paired.emit(peerId === undefined ? 'the device' : this.peers.nameOf(peerId));
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isClaiming.set(false);
    }
  }

  private async compare(address: string): Promise<void> {
    const known = this.peers.paired().find(({ addresses }) => addresses.includes(address));
    if (known) return this.error.set(`${known.name} is at this address, and is paired already.`);
    await this.starts.start({ name: address, addresses: [address] });
  }
}
