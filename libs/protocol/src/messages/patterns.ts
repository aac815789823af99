import { MAX_PATTERN_CHARS } from '../limits';

/** Names of requests. Source: PROTOCOL.md section 5. */
export const PATTERNS = {
  hello: 'hello',
  pairClaim: 'pair.claim',
  pairStart: 'pair.start',
  pairReveal: 'pair.reveal',
  pairConfirm: 'pair.confirm',
  filesList: 'files.list',
  fileManifest: 'file.manifest',
  fileRead: 'file.read',
  offerMake: 'offer.make',
  offerFiles: 'offer.files',
  offerAnswer: 'offer.answer',
  transferStatus: 'transfer.status',
  linkProbe: 'link.probe',
} as const;

/** Names of events; a receiver ignores those it does not know. */
export const EVENTS = {
  shareChanged: 'share.changed',
  offerWithdrawn: 'offer.withdrawn',
  blocksAvailable: 'blocks.available',
} as const;

/** Form of every request and event pattern. */
export const PATTERN_RULE = {
  min: 1,
  max: MAX_PATTERN_CHARS,
  pattern: /^[a-z][a-z0-9.-]*$/,
};
