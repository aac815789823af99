import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Dialogs } from '../dialogs/dialogs';
import { PeerDialogs } from '../peers/peer-dialogs';
import { Shortcuts } from '../shortcuts/shortcuts';
import { FilePicker } from '../uploads/file-picker';

/** The keys of the program. */
@Injectable({ providedIn: 'root' })
export class AppShortcuts {
  private readonly shortcuts = inject(Shortcuts);
  private readonly router = inject(Router);
  private readonly picker = inject(FilePicker);
  private readonly peers = inject(PeerDialogs);
  private readonly dialogs = inject(Dialogs);

  register(): void {
    const go = (path: string) => (): void => void this.router.navigateByUrl(path);
    this.shortcuts.register(
      { keys: ['g', 'd'], label: 'Go to the dashboard', run: go('/') },
      { keys: ['g', 'f'], label: 'Go to files', run: go('/files') },
      { keys: ['g', 'p'], label: 'Go to peers', run: go('/peers') },
      { keys: ['g', 't'], label: 'Go to transfers', run: go('/transfers') },
      { keys: ['g', 's'], label: 'Go to settings', run: go('/settings') },
      { keys: ['u'], label: 'Add files', run: () => this.picker.chooseFiles() },
      { keys: ['p'], label: 'Pair a device', run: () => void this.peers.pair() },
      { keys: ['?'], label: 'Show this help', run: () => this.help() },
    );
  }

  help(): void {
    void this.dialogs.open(() => import('../shortcuts/help-dialog').then(({ HelpDialog }) => HelpDialog));
  }
}
