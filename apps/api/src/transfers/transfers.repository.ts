import { Database } from '@ferry/file-store';
import type { ListQuery, Page, TransferState } from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { insertTransfer, insertTransferFiles } from './insert-transfer';
import { pageOf, type PageCursor } from './transfer-pages';
import { DRAFT_STATE, TRANSFER_MIGRATIONS, type TransferFileRow, type TransferRow } from './transfer-rows';

/** Why one file was not received. */
export interface FileFault {
  readonly code: string;
  /** One sentence for the user. */
  readonly detail: string;
}

/** What is known of a file before any of it is pulled. */
export interface NewTransferFile {
  readonly entryId: string;
  readonly path: string;
  readonly size: number;
  readonly fileId: string | null;
  /** Why it is not pulled at all. */
  readonly fault?: FileFault;
}

const TRANSFER_COLUMNS = [
  'state',
  'name',
  'filesTotal',
  'filesDone',
  'verifiedBytes',
  'resumedBytes',
  'totalBytes',
  'errorCode',
  'errorDetail',
  'finishedAt',
] as const;
const FILE_COLUMNS = [
  'state',
  'doneBytes',
  'resumedBytes',
  'fileId',
  'publishedPath',
  'size',
  'path',
  'errorCode',
  'errorDetail',
] as const;

export type TransferPatch = Partial<Pick<TransferRow, (typeof TRANSFER_COLUMNS)[number]>>;
export type TransferFilePatch = Partial<Pick<TransferFileRow, (typeof FILE_COLUMNS)[number]>>;

/** Transfers and their files in SQLite. Every method is one statement or one transaction. */
@Injectable()
export class TransfersRepository {
  constructor(@Inject(Database) private readonly database: Database) {
    database.migrate('transfers', TRANSFER_MIGRATIONS);
  }

  /** Stores a queued transfer with its files. */
  insert(peerId: string, name: string, files: readonly NewTransferFile[]): TransferRow {
    return this.database.transaction(() => {
      const id = insertTransfer(this.database, { peerId, state: 'queued' });
      insertTransferFiles(this.database, id, 0, files);
      this.update(id, { name, filesTotal: files.length, totalBytes: this.sums(id).totalBytes });
      return this.find(id) as TransferRow;
    });
  }

  find(id: string): TransferRow | undefined {
    return this.database.prepare('SELECT * FROM transfers WHERE id = ?').get(id) as TransferRow | undefined;
  }

  update(id: string, patch: TransferPatch): void {
    const columns = TRANSFER_COLUMNS.filter((column) => patch[column] !== undefined);
    if (columns.length === 0) return;
    this.database
      .prepare(`UPDATE transfers SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`)
      .run(...columns.map((column) => patch[column] ?? null), id);
  }

  /** Shares its disk sync with what is written at the same moment; resolves when durable. */
  updateFile(transferId: string, position: number, patch: TransferFilePatch): Promise<void> {
    const columns = FILE_COLUMNS.filter((column) => patch[column] !== undefined);
    const assignments = columns.map((column) => `${column} = ?`).join(', ');
    return this.database.batch(() => {
      this.database
        .prepare(`UPDATE transfer_files SET ${assignments} WHERE transferId = ? AND position = ?`)
        .run(...columns.map((column) => patch[column] ?? null), transferId, position);
    });
  }

  /** A finished file and its transfer's totals; shares its disk sync like `updateFile`. */
  completeFile(transferId: string, position: number, publishedPath: string): Promise<void> {
    return this.database.batch(() => {
      this.database
        .prepare(
          `UPDATE transfer_files SET state = 'complete', doneBytes = size, publishedPath = ?
           WHERE transferId = ? AND position = ?`,
        )
        .run(publishedPath, transferId, position);
      this.database.prepare(`UPDATE transfers SET filesDone = filesDone + 1 WHERE id = ?`).run(transferId);
    });
  }

  /** @returns the first file after `position` that is neither complete nor failed, in the order of the request. */
  nextFile(transferId: string, position: number): TransferFileRow | undefined {
    return this.database
      .prepare(
        `SELECT * FROM transfer_files WHERE transferId = ? AND position > ? AND state IN ('pending', 'running')
         ORDER BY position LIMIT 1`,
      )
      .get(transferId, position) as TransferFileRow | undefined;
  }

  /** @returns the first file that failed and how many did; `undefined` when none did. */
  failures(transferId: string): { count: number; path: string; code: string; detail: string } | undefined {
    return this.database
      .prepare(
        `SELECT path, errorCode AS code, errorDetail AS detail, count(*) OVER () AS count
         FROM transfer_files WHERE transferId = ? AND state = 'failed' ORDER BY position LIMIT 1`,
      )
      .get(transferId) as { count: number; path: string; code: string; detail: string } | undefined;
  }

  /** Gives failed files another chance. */
  resetFailed(transferId: string): void {
    this.database
      .prepare(
        `UPDATE transfer_files SET state = 'pending', errorCode = NULL, errorDetail = NULL
         WHERE transferId = ? AND state = 'failed'`,
      )
      .run(transferId);
  }

  /** @returns what all files of the transfer add up to. */
  sums(transferId: string): { totalBytes: number; completeBytes: number; resumedBytes: number } {
    return this.database
      .prepare(
        `SELECT coalesce(sum(size), 0) AS totalBytes, coalesce(sum(size) FILTER (WHERE state = 'complete'), 0) AS completeBytes,
                coalesce(sum(resumedBytes), 0) AS resumedBytes
         FROM transfer_files WHERE transferId = ?`,
      )
      .get(transferId) as { totalBytes: number; completeBytes: number; resumedBytes: number };
  }

  /** @returns the positions of files that may have something in staging. */
  unfinishedPositions(transferId: string): number[] {
    return this.database
      .prepare(`SELECT position FROM transfer_files WHERE transferId = ? AND state IN ('running', 'failed')`)
      .all(transferId)
      .map(({ position }) => position as number);
  }

  /** Newest first. @throws TransferError never; a bad cursor is a FileStoreError BAD_CURSOR. */
  list(query: ListQuery & { states?: readonly TransferState[] }): Page<TransferRow> {
    const states = query.states ?? [];
    const where = [
      `state <> '${DRAFT_STATE}'`,
      ...(states.length > 0 ? [`state IN (${states.map(() => '?').join(', ')})`] : []),
      ...(query.q ? [`instr(lower(name), lower(?)) > 0`] : []),
    ];
    return pageOf(this.database, {
      table: 'transfers',
      key: 'seq',
      descending: true,
      where,
      parameters: [...states, ...(query.q ? [query.q] : [])],
      query,
    });
  }

  listFiles(transferId: string, query: PageCursor): Page<TransferFileRow> {
    return pageOf(this.database, {
      table: 'transfer_files',
      key: 'position',
      descending: false,
      where: ['transferId = ?'],
      parameters: [transferId],
      query,
    });
  }

  /** @returns ids in any of the states, oldest first. */
  idsIn(states: readonly TransferState[], peerId?: string): string[] {
    const marks = states.map(() => '?').join(', ');
    const rows = this.database
      .prepare(`SELECT id FROM transfers WHERE state IN (${marks}) ${peerId ? 'AND peerId = ?' : ''} ORDER BY seq`)
      .all(...states, ...(peerId ? [peerId] : []));
    return rows.map(({ id }) => id as string);
  }

  count(states: readonly TransferState[]): number {
    const row = this.database
      .prepare(`SELECT count(*) AS n FROM transfers WHERE state IN (${states.map(() => '?').join(', ')})`)
      .get(...states);
    return row?.['n'] as number;
  }

  delete(id: string): void {
    this.database.prepare('DELETE FROM transfers WHERE id = ?').run(id);
  }
}
