import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { EventStream } from '../live/event-stream';
import { TransfersStore } from '../transfers/transfers-store';

/** `Files · Ferry`; with the progress in front while something is moving. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  private readonly transfers = inject(TransfersStore);
  private readonly stream = inject(EventStream);
  private readonly page = signal('');
  private readonly text = computed(() => {
    const percent = this.transfers.percent();
    const moving = this.stream.state() === 'live' && this.transfers.bytesPerSecond() > 0 && percent !== null;
    return [...(moving ? [`↓ ${Math.floor(percent)}%`] : []), ...(this.page() ? [this.page()] : []), 'Ferry'].join(
      ' · ',
    );
  });

  constructor() {
    super();
    const title = inject(Title);
    effect(() => title.setTitle(this.text()));
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.page.set(this.buildTitle(snapshot) ?? '');
  }
}
