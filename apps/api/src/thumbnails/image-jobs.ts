/** What an image process is told: `begin`, the bytes of the file in parts, `make`. One image at a time. */
export type ImageOrder = { readonly type: 'begin' } | { readonly type: 'part'; readonly bytes: Uint8Array } | MakeOrder;

export interface MakeOrder {
  readonly type: 'make';
  /** Pixels. */
  readonly edge: number;
  readonly maxPixels: number;
  /** Of formats that cannot be decoded line by line. */
  readonly maxWholePixels: number;
  readonly seconds: number;
}

/** What it answers to `make`. `unusable`: the image library does not work on this machine at all. */
export type ImageOutcome =
  | { readonly type: 'made'; readonly bytes: Uint8Array }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unusable'; readonly reason: string };

export type ImageReply = ImageOutcome & {
  /** The process should be ended. */
  readonly isSpent: boolean;
};
