import { FileStoreError } from '@ferry/file-store';
import {
  FEATURES,
  parseFilesListResponse,
  PATTERNS,
  ProtocolError,
  type FilesListRequest,
  type Page,
  type RemoteEntry,
} from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { PeerError } from '../transport/peer-error';
import { Dialler } from './dialler';
import { PEERS_OPTIONS, type PeersOptions } from './peers-options';
import { PeersService } from './peers.service';

/** What paired peers share with this device, asked for when somebody looks. */
@Injectable()
export class RemoteFilesService {
  constructor(
    private readonly peers: PeersService,
    private readonly dialler: Dialler,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  /**
   * One page of the peer's list; it may be shorter than asked for. A peer that does not know folders has files alone: all of them at
   * the top, under their paths.
   * @throws PeerError NOT_FOUND, NOT_PAIRED, OFFLINE, REMOTE, TIMEOUT; FileStoreError BAD_CURSOR.
   */
  async list(peerId: string, query: FilesListRequest): Promise<Page<RemoteEntry>> {
    const session = await this.peers.sessionFor(peerId, AbortSignal.timeout(this.options.answerTimeoutMs));
    const isFlat = !session.remoteHello.features.includes(FEATURES.folders);
    if (isFlat && (query.folder || query.kind === 'folder')) return { items: [], nextCursor: null, total: 0 };
    const answer = await this.dialler.ask(session, PATTERNS.filesList, query).catch((error: unknown) => {
      throw isBadCursor(error, query) ? badCursor(error) : error;
    });
    try {
      const { entries, ...page } = parseFilesListResponse(answer);
      return { ...page, items: entries };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.abort(error);
      throw new PeerError('REMOTE', `The other device sent a list that is not valid: ${error.message}.`, {
        cause: error,
      });
    }
  }
}

/** All else in the request was checked before it was sent. */
function isBadCursor(error: unknown, { cursor }: FilesListRequest): boolean {
  return cursor !== undefined && error instanceof PeerError && error.remoteCode === 'MALFORMED_MESSAGE';
}

function badCursor(cause: unknown): FileStoreError {
  return new FileStoreError('BAD_CURSOR', 'The other device does not know this cursor: read its list from the start.', {
    cause,
  });
}
