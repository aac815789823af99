import { ChangeDetectionStrategy, Component, type ElementRef, inject, viewChild } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { EventStream } from './live/event-stream';
import { NeedsYouCorner } from './needs-you/needs-you-corner';
import { Notices } from './needs-you/notices';
import { OffersStore } from './offers/offers-store';
import { PairingsStore } from './pairing/pairings-store';
import { PeersStore } from './peers/peers-store';
import { AppShortcuts } from './shell/app-shortcuts';
import { BottomTabs } from './shell/bottom-tabs';
import { DropZone } from './shell/drop-zone';
import { OfflineBanner } from './shell/offline-banner';
import { Sidebar } from './shell/sidebar';
import { TopBar } from './shell/top-bar';
import { StatusStore } from './status/status-store';
import { ToastStack } from './toasts/toast-stack';
import { TransfersStore } from './transfers/transfers-store';
import { FileInputs } from './uploads/file-inputs';
import { UploadDock } from './uploads/upload-dock';
import { UploadQueue } from './uploads/upload-queue';

/** The frame around every page. */
@Component({
  selector: 'app-root',
  imports: [
    BottomTabs,
    DropZone,
    FileInputs,
    NeedsYouCorner,
    OfflineBanner,
    RouterOutlet,
    Sidebar,
    ToastStack,
    TopBar,
    UploadDock,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" class="skip-link btn btn-primary" (click)="skip()">Skip to the content</button>
    <div class="shell">
      <app-sidebar />
      <div class="shell-main">
        <app-top-bar />
        <main #content class="shell-page" tabindex="-1">
          <app-offline-banner />
          <router-outlet />
        </main>
      </div>
    </div>
    <app-bottom-tabs />
    <app-file-inputs />
    <div class="corner">
      <app-needs-you-corner />
      @defer (when queue.uploads().length > 0; prefetch on idle) {
        <app-upload-dock />
      }
      <app-toast-stack />
    </div>
    <app-drop-zone />
  `,
})
export class App {
  protected readonly queue = inject(UploadQueue);
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');

  constructor() {
    inject(AppShortcuts).register();
    void inject(StatusStore).load();
    void inject(PeersStore).load();
    void inject(TransfersStore).load();
    void inject(PairingsStore).load();
    void inject(OffersStore).load();
    inject(Notices).start();
    inject(EventStream).connect();
  }

  /** A button and no link: with a base URL, a link to #content would leave the page. */
  protected skip(): void {
    this.content().nativeElement.focus();
  }
}
