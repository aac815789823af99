import type { CreateTransferRequest, Transfer } from '@ferry/protocol';
import { ProtocolError } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { PeersService } from '../peers/peers.service';
import { SettingsService } from '../settings/settings.service';
import { PeerError } from '../transport/peer-error';
import type { PeerSession } from '../transport/peer-session';
import type { ListedEntries } from './drafts/listed-entries';
import type { DraftEntry, TransferDraft } from './drafts/transfer-draft';
import { TransferDrafts } from './drafts/transfer-drafts';
import { DESCRIBE_TIMEOUT_MS, describeEntries, unknownEntry } from './pull/describe-entries';
import { folderPages } from './pull/folder-pages';
import { transferName } from './shown-name';

/** Time the peer has to list all that lies in the folders of a new transfer. docs/LIMITS.md. */
export const LIST_TIMEOUT_MS = 120_000;

/** What the user asks to be pulled becomes a transfer. */
@Injectable()
export class TransferRequests {
  constructor(
    private readonly peers: PeersService,
    private readonly drafts: TransferDrafts,
    private readonly settings: SettingsService,
  ) {}

  /**
   * Makes one transfer for all the entries and queues it. The peer is asked for names and sizes first, so that an unknown
   * entry is said at once, and folders are listed to the last file. Files that may not be received (name, type, size) fail
   * alone; if all of them are such, nothing is begun.
   * @throws PeerError NOT_FOUND, NOT_PAIRED, OFFLINE, UNREACHABLE, TIMEOUT, REMOTE for a list that cannot be true; TransferError
   * TOO_MANY_FILES; FileStoreError NOT_FOUND, CHANGED, TOO_LARGE, EXTENSION_NOT_ALLOWED, UNSAFE_NAME
   */
  async create(request: CreateTransferRequest): Promise<Transfer> {
    const peer = this.peers.get(request.peerId);
    if (!peer.paired)
      throw new PeerError('NOT_PAIRED', `${peer.name} is not paired with this device. Pair first, then get its files.`);
    const session = await this.peers.sessionFor(request.peerId, AbortSignal.timeout(DESCRIBE_TIMEOUT_MS));
    try {
      return await this.begin(session, request);
    } catch (error) {
      throw inWords(error, session);
    }
  }

  private async begin(session: PeerSession, request: CreateTransferRequest): Promise<Transfer> {
    const { peerId, onConflict = this.settings.current().onConflict } = request;
    const entries = await describeEntries(session, [...new Set(request.entryIds)]);
    const { draft, listed } = this.drafts.open({ peerId, onConflict });
    try {
      if (entries.some(({ kind }) => kind === 'folder')) await this.expand(session, entries, draft, listed);
      else await draft.add(entries);
      draft.assertSomeAccepted();
      return draft.finish(transferName(entries[0]?.path, entries.length));
    } catch (error) {
      await draft.discard();
      throw error;
    }
  }

  /** Fills the draft with the files that lie in the folders, and the folders in which nothing lies. */
  private async expand(
    session: PeerSession,
    entries: readonly DraftEntry[],
    draft: TransferDraft,
    listed: ListedEntries,
  ): Promise<void> {
    const signal = AbortSignal.timeout(LIST_TIMEOUT_MS);
    for (const [origin, entry] of entries.entries()) {
      await draft.add((await listed.add(origin, [entry])).filter(isFile));
      if (entry.kind === 'folder')
        for await (const page of pagesOf(session, entry, signal))
          await draft.add((await listed.add(origin, page)).filter(isFile));
    }
    await listed.assertTree();
    for await (const folders of listed.emptyFolders()) await draft.add(folders);
    await listed.forget();
  }
}

async function* pagesOf(
  session: PeerSession,
  folder: DraftEntry,
  signal: AbortSignal,
): AsyncGenerator<readonly DraftEntry[]> {
  try {
    yield* folderPages(session, folder, signal);
  } catch (error) {
    if (error instanceof PeerError && error.remoteCode === 'UNKNOWN_FILE') throw unknownEntry(folder.id, error);
    if (error !== signal.reason) throw error;
    const what = `The other device did not list the folder within ${LIST_TIMEOUT_MS / 1000} seconds.`;
    throw new PeerError('TIMEOUT', what, { cause: error });
  }
}

function isFile({ kind }: DraftEntry): boolean {
  return kind === 'file';
}

/** Ends the session of a peer that broke the protocol. */
function inWords(error: unknown, session: PeerSession): unknown {
  if (!(error instanceof ProtocolError)) return error;
  session.abort(error);
  return new PeerError('REMOTE', `The other device broke the rules (${error.message}): nothing is pulled.`, {
    cause: error,
  });
}
