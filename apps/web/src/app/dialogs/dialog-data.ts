import { InjectionToken } from '@angular/core';

/** What the opener hands to a dialog; each dialog says which shape it takes. */
export const DIALOG_DATA = new InjectionToken<unknown>('dialog data');
