import { FileStore, FileStoreError } from '@ferry/file-store';
import {
  parseFileManifestRequest,
  parseFileReadRequest,
  parseFilesListRequest,
  PATTERNS,
  ProtocolError,
  type FileEntry,
  type FilesListResponse,
} from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { DataAnswer } from '../../transport/data-answer';
import { PeerContext } from '../../transport/peer-context';
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
  async list(@Payload() payload: unknown, @Ctx() { peerId, signal }: PeerContext): Promise<FilesListResponse> {
    const request = parseFilesListRequest(payload);
    await this.turns.next(signal);
    const page = asProtocolError(() =>
      fitPage((limit) => this.store.entries.list({ ...request, limit, scope: 'all', viewer: peerId }), request.limit),
    );
    // Looked up in any case, so that a cursor is refused as by an empty share.
    return this.access.seesShare(peerId) ? page : { entries: [], nextCursor: null, total: 0 };
  }

  @MessagePattern(PATTERNS.fileManifest)
  manifest(@Payload() payload: unknown, @Ctx() { peerId }: PeerContext): DataAnswer {
    const request = parseFileManifestRequest(payload);
    return manifestAnswer(this.store.entries, this.readableEntry(peerId, request.entryId), request);
  }

  @MessagePattern(PATTERNS.fileRead)
  read(@Payload() payload: unknown, @Ctx() { peerId }: PeerContext): DataAnswer {
    const request = parseFileReadRequest(payload);
    const entry = this.access.findReadable(peerId, request.fileId);
    if (!entry) throw new ProtocolError('UNKNOWN_FILE', 'No file with this id is offered here.');
    checkRanges(request, entry.size);
    return new DataAnswer(
      async (writer, signal) => {
        await asProtocolError(() =>
          this.readers.use(entry.id, (reader) => sendBlocks(reader, request, writer, signal)),
        );
        return {};
      },
      contentBytesOf(request, entry.size),
    );
  }

  /** The same answer for an entry that does not exist and for one that this peer may not see. */
  private readableEntry(peerId: string, entryId: string): FileEntry {
    const unknown = new ProtocolError('UNKNOWN_FILE', 'No entry with this id is offered here.');
    try {
      const entry = this.store.entries.get(entryId);
      if (entry.kind !== 'file' || !this.access.mayRead(peerId, entry)) throw unknown;
      return entry;
    } catch (error) {
      throw error instanceof FileStoreError ? unknown : error;
    }
  }
}
