export * from './content/block';
export * from './text/hex';
export * from './content/merkle';
export * from './errors';
export * from './framing/frame';
export * from './framing/frame-decoder';
export { FLAG_END, FrameType } from './framing/frame-type';
export * from './http/events';
export * from './http/files';
export * from './http/lists';
export * from './http/offers';
export * from './http/peers';
export * from './http/problem';
export * from './http/settings';
export * from './http/status';
export * from './http/transfers';
export * from './identity/address';
export * from './text/base64url';
export * from './identity/device-id';
export * from './identity/device-name';
export * from './identity/invitation';
export * from './identity/ip-address';
export * from './identity/pairing-proof';
export * from './identity/sas';
export * from './identity/sas-symbols';
export * from './limits';
export type { BlockRange } from './messages/block-range';
export * from './messages/blocks-available';
export * from './messages/control-json';
export * from './messages/data-prefix';
export * from './text/display-text';
export * from './text/format-bytes';
export * from './messages/error-message';
export * from './messages/event';
export * from './messages/file-manifest';
export * from './messages/file-read';
export {
  countFittingEntries,
  type FilesListRequest,
  type FilesListResponse,
  parseFilesListRequest,
  parseFilesListResponse,
  parseRemoteEntry,
  type RemoteEntry,
} from './messages/files-list';
export * from './messages/goodbye';
export * from './messages/hello';
export * from './messages/link-probe';
export * from './messages/offer-answer';
export * from './messages/offer-files';
export * from './messages/offer-make';
export * from './messages/pair-claim';
export * from './messages/pair-confirm';
export * from './messages/pair-reveal';
export * from './messages/pair-start';
export { EVENTS, PATTERNS } from './messages/patterns';
export * from './messages/request';
export * from './messages/transfer-status';
