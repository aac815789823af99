import { PATTERNS, type Transfer } from '@ferry/protocol';
import { listVisible, untilTransfer } from '@ferry/test-nodes';
import type { OfferedFile } from '../../support/offered-file';
import type { Answer } from '../../support/raw-wire';
import type { Ground } from '../ground';
import { claimsOf, offered, onePage } from './offering';
import type { PairedAttacker } from './paired-wire';

/** Answers of the attacker in place of right ones. */
export type Tampering = Readonly<Record<string, Answer>>;

/** Has the node accept an offer of one file, whose manifest or content is then not what it should be. */
export async function acceptsTampered(
  ground: Ground,
  attacker: PairedAttacker,
  file: OfferedFile,
  tampering: Tampering,
): Promise<string> {
  const { id } = await offered(ground, attacker, claimsOf([file.entry]), onePage([file.entry]), [file]);
  for (const [pattern, answer] of Object.entries(tampering)) attacker.wire.answers.set(pattern, answer);
  const { transferId = '' } = await ground.node.api.acceptOffer(id);
  return transferId;
}

/** Follows a transfer that must not succeed. */
export function untilFailed(ground: Ground, transferId: string): Promise<Transfer> {
  return untilTransfer(ground.node.api, transferId, ({ state }) => state === 'failed');
}

export async function expectNotReceived(ground: Ground, { path }: OfferedFile): Promise<void> {
  expect(await listVisible(ground.node.folders.received)).not.toContain(path);
}

export const { fileManifest: MANIFEST } = PATTERNS;
