import { type EntryQuery, FileStore, FileStoreError } from '@ferry/file-store';
import {
  FEATURES,
  parseFileManifestRequest,
  parseFileReadRequest,
  parseFilesListRequest,
  PATTERNS,
  ProtocolError,
  type FileEntry,
  type FilesListRequest,
  type FilesListResponse,
} from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { DataAnswer } from '../../transport/data-answer';
import { PeerContext } from '../../transport/peer-context';
import type { PeerSession } from '../../transport/peer-session';
import { PeerRpcExceptionFilter } from '../../transport/peer-rpc-exception.filter';
import { checkRanges, contentBytesOf, sendBlocks } from './file-read';
import { manifestAnswer } from './manifest-answer';
import { OpenReaders } from './open-readers';
import { QueryTurns } from './query-turns';
import { fitPage } from './remote-page';
import { ShareAccess } from './share-access';
import { asProtocolError } from './store-faults';

/** What paired peers may ask of this device's share. The transport lets nobody else reach it. */
@Controller()
@UseFilters(PeerRpcExceptionFilter)
export class SharePeerController {
  constructor(
    private readonly store: FileStore,
    private readonly readers: OpenReaders,
    private readonly access: ShareAccess,
    private readonly turns: QueryTurns,
  ) {}

  @MessagePattern(PATTERNS.filesList)
  async list(@Payload() payload: unknown, @Ctx() { session, signal }: PeerContext): Promise<FilesListResponse> {
    const request = parseFilesListRequest(payload);
    const { peerId } = session;
    await this.turns.next(signal);
    const query = this.queryOf(session, request);
    const page = asProtocolError(() =>
      fitPage((limit) => this.store.entries.list({ ...query, limit, viewer: peerId }), request.limit),
    );
    // Looked up in any case, so that a cursor is refused as by an empty share.
    return this.access.seesShare(peerId) ? page : { entries: [], nextCursor: null, total: 0 };
  }

  @MessagePattern(PATTERNS.fileManifest)
  manifest(@Payload() payload: unknown, @Ctx() { session }: PeerContext): DataAnswer {
    const request = parseFileManifestRequest(payload);
    return manifestAnswer(this.store.entries, this.readableEntry(session, request.entryId), request);
  }

  @MessagePattern(PATTERNS.fileRead)
  read(@Payload() payload: unknown, @Ctx() { peerId }: PeerContext): DataAnswer {
    const request = parseFileReadRequest(payload);
    const entry = this.access.findReadable(peerId, request.fileId);
    if (!entry) throw new ProtocolError('UNKNOWN_FILE', 'No file with this id is offered here.');
    checkRanges(request, entry.size);
    return new DataAnswer(
      async (writer, signal) => {
        await asProtocolError(() => this.readers.use(entry, (reader) => sendBlocks(reader, request, writer, signal)));
        return {};
      },
      contentBytesOf(request, entry.size),
    );
  }

  /** To a device that does not know folders there are only files, and what it says of folders means nothing. */
  private queryOf(session: PeerSession, { within, folder, kind, ...query }: FilesListRequest): EntryQuery {
    if (!knowsFolders(session)) return { ...query, scope: 'all', kind: 'file' };
    if (within === undefined) return { ...query, scope: 'all', folder, kind };
    const entry = this.readableEntry(session, within);
    if (entry.kind !== 'folder') throw unknownEntry();
    return { ...query, scope: entry.scope, within: entry.path, kind };
  }

  /** The same answer for an entry that does not exist and for one that this peer may not see. */
  private readableEntry(session: PeerSession, entryId: string): FileEntry {
    try {
      const entry = this.store.entries.get(entryId);
      const isTold = entry.kind === 'file' || knowsFolders(session);
      if (!isTold || !this.access.mayRead(session.peerId, entry)) throw unknownEntry();
      return entry;
    } catch (error) {
      throw error instanceof FileStoreError ? unknownEntry() : error;
    }
  }
}

function knowsFolders({ remoteHello }: PeerSession): boolean {
  return remoteHello.features.includes(FEATURES.folders);
}

function unknownEntry(): ProtocolError {
  return new ProtocolError('UNKNOWN_FILE', 'No entry with this id is offered here.');
}
