import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import type { Settings } from '@ferry/protocol';
import { sentenceOf } from '../http/sentence-of';
import type { SettingField } from './setting-fields';
import { SettingsStore } from './settings-store';

/** One setting: saved when the user leaves the field or presses Enter, with a word about how that went. */
@Component({
  selector: 'app-setting-input',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'd-block', '[attr.data-setting]': 'field().key' },
  templateUrl: './setting-input.html',
})
export class SettingInput {
  private readonly store = inject(SettingsStore);

  readonly field = input.required<SettingField>();
  readonly settings = input.required<Settings>();

  protected readonly id = computed(() => `setting-${this.field().key}`);
  private readonly stored = computed(() => this.field().show(this.settings()));
  /** What stands in the input; what was stored by somebody else replaces it. */
  protected readonly text = signal('');
  protected readonly state = signal<'idle' | 'saving' | 'saved'>('idle');
  protected readonly error = signal<string | null>(null);

  constructor() {
    effect(() => this.text.set(this.stored()));
  }

  protected async save(text: string): Promise<void> {
    this.text.set(text);
    if (text === this.stored() && this.error() === null) return;
    const request = this.field().read(text);
    if (typeof request === 'string') return this.error.set(request);
    await this.change(request);
  }

  protected async reset(): Promise<void> {
    await this.change({ [this.field().key]: null });
  }

  /** At once: what is typed next must not be replaced by it. */
  protected undo(input: { value: string }): void {
    this.text.set(this.stored());
    input.value = this.stored();
    this.error.set(null);
  }

  private async change(request: Parameters<SettingsStore['change']>[0]): Promise<void> {
    this.state.set('saving');
    this.error.set(null);
    try {
      await this.store.change(request);
      this.text.set(this.stored());
      this.state.set('saved');
    } catch (error) {
      this.state.set('idle');
      this.error.set(sentenceOf(error));
    }
  }
}
