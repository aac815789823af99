import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { PairingSas } from '@ferry/protocol';
import { symbolEmoji } from './symbol-emoji';

const GROUP = 3;

/** What both users compare: six digits in two groups and four symbols with their names. */
@Component({
  selector: 'app-sas-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="digits numeric" data-testid="sas-digits">
      <span>{{ groups()[0] }}</span> <span>{{ groups()[1] }}</span>
    </p>
    <ul class="symbols list-unstyled mb-0" aria-label="Symbols" data-testid="sas-symbols">
      @for (symbol of symbols(); track $index) {
        <li>
          <span class="emoji" aria-hidden="true">{{ symbol.emoji }}</span>
          <span class="small text-capitalize">{{ symbol.name }}</span>
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      display: block;
      padding: 1rem 0.5rem;
      border-radius: 0.875rem;
      background: var(--ferry-accent-soft);
      text-align: center;
    }
    .digits {
      display: flex;
      justify-content: center;
      gap: 1.25rem;
      margin-bottom: 0.75rem;
      font-size: 2.25rem;
      font-weight: 600;
      letter-spacing: 0.08em;
      line-height: 1.2;
    }
    .symbols {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
    li > .small {
      font-size: clamp(0.6875rem, 3.4vw, 0.875rem) !important; /* the longest name stays in one piece at 320 px */
      white-space: nowrap;
    }
    .emoji {
      display: block;
      min-height: 3.25rem;
      font-size: 2.25rem;
      line-height: 3.25rem;
    }
  `,
})
export class SasView {
  readonly sas = input.required<PairingSas>();

  protected readonly groups = computed(() => [this.sas().digits.slice(0, GROUP), this.sas().digits.slice(GROUP)]);
  protected readonly symbols = computed(() => this.sas().symbols.map((name) => ({ name, emoji: symbolEmoji(name) })));
}
