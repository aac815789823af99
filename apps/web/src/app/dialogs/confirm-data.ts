export interface ConfirmData {
  readonly title: string;
  readonly text: string;
  /** The verb of the deed, on the button. */
  readonly confirmLabel: string;
}
