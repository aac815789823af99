import { Injectable, Injector, type Type, inject } from '@angular/core';
import { NgbModal, type NgbModalOptions } from '@ng-bootstrap/ng-bootstrap/modal';
import { LoadFailures } from '../loading/load-failures';
import { DIALOG_DATA } from './dialog-data';
import type { ConfirmData } from './confirm-data';

/** Id of every dialog's heading: only one dialog is open at a time. */
export const DIALOG_TITLE_ID = 'dialog-title';

/** Opens dialogs; focus goes back to where it was when they close. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly modal = inject(NgbModal);
  private readonly injector = inject(Injector);
  private readonly failures = inject(LoadFailures);
  private opening = false;

  /** Also true between the wish to open and the arrival of the dialog's code. */
  isOpen(): boolean {
    return this.opening || this.modal.hasOpenModals();
  }

  /**
   * @param load imports the dialog's component: dialogs are no part of the first download.
   * @returns what the dialog closed with; undefined when it was dismissed, could not be loaded, or another one is open.
   */
  async open<R>(
    load: () => Promise<Type<unknown>>,
    data?: unknown,
    options: NgbModalOptions = {},
  ): Promise<R | undefined> {
    if (this.isOpen()) return undefined;
    this.opening = true;
    let component: Type<unknown>;
    try {
      component = await load();
    } catch (error) {
      this.failures.report(error, 'dialog');
      return undefined;
    } finally {
      this.opening = false;
    }
    const injector = Injector.create({ parent: this.injector, providers: [{ provide: DIALOG_DATA, useValue: data }] });
    const dialog = this.modal.open(component, {
      ariaLabelledBy: DIALOG_TITLE_ID,
      centered: true,
      injector,
      ...options,
    });
    return new Promise((resolve) => {
      dialog.closed.subscribe((result: R) => resolve(result));
      dialog.dismissed.subscribe(() => resolve(undefined));
    });
  }

  /** As `open`, and closes the dialog that is in the way: for what the user has just asked for. */
  openInstead<R>(load: () => Promise<Type<unknown>>, data?: unknown): Promise<R | undefined> {
    this.modal.dismissAll();
    return this.open<R>(load, data);
  }

  /** Asks before something that cannot be undone. */
  async confirm(data: ConfirmData): Promise<boolean> {
    const load = (): Promise<Type<unknown>> => import('./confirm-dialog').then(({ ConfirmDialog }) => ConfirmDialog);
    return (await this.open<boolean>(load, data, { role: 'alertdialog' })) === true;
  }
}
