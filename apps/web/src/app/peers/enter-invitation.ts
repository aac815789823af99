import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { sentenceOf } from '../http/sentence-of';
import { cleanInvitation, invitationProblem } from './invitation-text';
import { PairingsApi } from './pairings-api';
import { PeersStore } from './peers-store';

@Component({
  selector: 'app-enter-invitation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form (submit)="$event.preventDefault(); claim(field.value)">
      <label class="form-label" for="invitation">Invitation of the other device</label>
      <textarea
        #field
        id="invitation"
        class="form-control mono"
        rows="5"
        maxlength="8000"
        placeholder="ferry://pair?id=…"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="invitation-error invitation-help"
        [class.is-invalid]="error()"
        [attr.aria-invalid]="error() !== null"
      ></textarea>
      <div id="invitation-error" class="invalid-feedback" role="alert">{{ error() }}</div>
      <div id="invitation-help" class="form-text">
        Spaces and line breaks do not matter. An invitation is valid for two minutes.
      </div>
      <div class="d-flex justify-content-end mt-4">
        <button type="submit" class="btn btn-primary" [attr.aria-disabled]="isBusy()">
          @if (isBusy()) {
            <span class="spinner-border spinner-border-sm me-2" aria-hidden="true"></span>Pairing…
          } @else {
            Pair
          }
        </button>
      </div>
    </form>
  `,
})
export class EnterInvitation {
  private readonly api = inject(PairingsApi);
  private readonly peers = inject(PeersStore);

  /** With the name of the new peer. */
  readonly paired = output<string>();

  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected async claim(text: string): Promise<void> {
    if (this.isBusy()) return;
    const uri = cleanInvitation(text);
    this.error.set(invitationProblem(uri));
    if (this.error() !== null) return;
    this.isBusy.set(true);
    try {
      const { peerId } = await this.api.claim({ uri });
      await this.peers.load();
      this.paired.emit(peerId === undefined ? 'the device' : this.peers.nameOf(peerId));
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
