import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { shownName } from '../format/shown-name';
import { PeersStore } from '../peers/peers-store';
import { visibilityLabel } from './visibility-label';

/** Who may see a file; a press changes it. */
@Component({
  selector: 'app-visibility-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      type="button"
      class="visibility-button"
      title="Who may see it"
      data-testid="visibility"
      [attr.aria-label]="label().text + ', who may see ' + name()"
      (click)="pressed.emit()"
    >
      <i class="bi" [class]="label().icon" aria-hidden="true"></i><span class="text-truncate">{{ label().text }}</span>
    </button>
  `,
})
export class VisibilityButton {
  private readonly peers = inject(PeersStore);

  readonly file = input.required<Pick<FileEntry, 'name' | 'visibility' | 'visibleTo'>>();
  readonly pressed = output<void>();

  protected readonly name = computed(() => shownName(this.file().name));
  protected readonly label = computed(() => visibilityLabel(this.file(), (id) => this.peers.nameOf(id)));
}
