import { Injectable, computed, inject } from '@angular/core';
import { PeersStore } from '../peers/peers-store';
import { TransfersStore } from '../transfers/transfers-store';

export interface NavItem {
  readonly path: string;
  readonly label: string;
  readonly icon: string;
  /** 0 shows nothing. */
  readonly count: number;
  /** What the number counts. */
  readonly countLabel: string;
}

/** The places of the program, for the sidebar and the tabs at the bottom. */
@Injectable({ providedIn: 'root' })
export class NavItems {
  private readonly peers = inject(PeersStore);
  private readonly transfers = inject(TransfersStore);

  readonly items = computed((): readonly NavItem[] => [
    item('/', 'Dashboard', 'bi-grid-1x2'),
    item('/files', 'Files', 'bi-folder2'),
    item('/peers', 'Peers', 'bi-laptop', this.peers.onlineCount(), 'online'),
    item('/transfers', 'Transfers', 'bi-arrow-left-right', this.transfers.activeCount(), 'active'),
    item('/settings', 'Settings', 'bi-gear'),
  ]);
}

function item(path: string, label: string, icon: string, count = 0, countLabel = ''): NavItem {
  return { path, label, icon, count, countLabel };
}
