import { Database } from '@ferry/file-store';
import type { EntryKind, ListQuery, Page, TransferState } from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { deleteTransfer } from './drafts/delete-transfer';
import { pageOf, type PageCursor } from './transfer-pages';
import {
  DRAFT_STATE,
  SPACE_MIGRATIONS,
  TRANSFER_MIGRATIONS,
  type TransferFileRow,
  type TransferRow,
} from './transfer-rows';

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
  /** `folder`: an empty one. */
  readonly kind: EntryKind;
  readonly size: number;
  readonly fileId: string | null;
  /** Why it is not pulled at all. */
  readonly fault?: FileFault;
}

/** Bytes. */
export interface TransferSums {
  readonly totalBytes: number;
  readonly completeBytes: number;
  readonly resumedBytes: number;
  readonly reusedBytes: number;
}

const TRANSFER_COLUMNS = [
  'state',
  'name',
  'filesTotal',
  'filesDone',
  'verifiedBytes',
  'resumedBytes',
  'reusedBytes',
  'totalBytes',
  'errorCode',
  'errorDetail',
  'missingBytes',
  'finishedAt',
] as const;
const FILE_COLUMNS = [
  'state',
  'doneBytes',
  'resumedBytes',
  'reusedBytes',
  'fileId',
  'publishedPath',
  'size',
  'path',
  'errorCode',
  'errorDetail',
] as const;

export type TransferPatch = Partial<Pick<TransferRow, (typeof TRANSFER_COLUMNS)[number]>>;
/** What is written when a transfer goes on, or is given up. */
export const NO_ERROR = { errorCode: null, errorDetail: null, missingBytes: null } as const satisfies TransferPatch;

export type TransferFilePatch = Partial<Pick<TransferFileRow, (typeof FILE_COLUMNS)[number]>>;

/** Transfers and their files in SQLite. Every method is one statement or one transaction. */
@Injectable()
export class TransfersRepository {
  constructor(@Inject(Database) private readonly database: Database) {
    database.migrate('transfers', TRANSFER_MIGRATIONS);
    database.migrate('transfer-space', SPACE_MIGRATIONS);
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
    return this.database.batch(() => this.markComplete(transferId, position, publishedPath));
  }

  /** The same, within a transaction. */
  markComplete(transferId: string, position: number, publishedPath: string): void {
    this.database
      .prepare(
        `UPDATE transfer_files SET state = 'complete', doneBytes = size, publishedPath = ?
         WHERE transferId = ? AND position = ?`,
      )
      .run(publishedPath, transferId, position);
    this.database.prepare(`UPDATE transfers SET filesDone = filesDone + 1 WHERE id = ?`).run(transferId);
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

  /** A file that is not received because one of its name is here: nothing of it is to come any more. */
  skipFile(transferId: string, position: number): Promise<void> {
    return this.database.batch(() => {
      this.database
        .prepare(`UPDATE transfer_files SET state = 'skipped', doneBytes = 0 WHERE transferId = ? AND position = ?`)
        .run(transferId, position);
      this.database
        .prepare(
          `UPDATE transfers SET filesDone = filesDone + 1, totalBytes = totalBytes -
             (SELECT size FROM transfer_files WHERE transferId = ?1 AND position = ?2) WHERE id = ?1`,
        )
        .run(transferId, position);
    });
  }

  /** @returns what all files of the transfer add up to; skipped ones count for nothing. */
  sums(transferId: string): TransferSums {
    return this.database
      .prepare(
        `SELECT coalesce(sum(size) FILTER (WHERE state <> 'skipped'), 0) AS totalBytes, coalesce(sum(size) FILTER (WHERE state = 'complete'), 0) AS completeBytes,
                coalesce(sum(resumedBytes), 0) AS resumedBytes, coalesce(sum(reusedBytes), 0) AS reusedBytes
         FROM transfer_files WHERE transferId = ?`,
      )
      .get(transferId) as unknown as TransferSums;
  }

  /** @returns the sizes of the files that are not here, nor given up. */
  bytesToCome(transferId: string): number {
    const row = this.database
      .prepare(
        `SELECT coalesce(sum(size), 0) AS bytes FROM transfer_files WHERE transferId = ? AND state IN ('pending', 'running')`,
      )
      .get(transferId);
    return Number(row?.['bytes']);
  }

  /** @returns ids of transfers that were paused because the disk is full, oldest first. */
  waitingForSpace(): string[] {
    const sql = `SELECT id FROM transfers WHERE state = 'paused' AND errorCode = 'insufficient-storage' ORDER BY seq`;
    return this.database
      .prepare(sql)
      .all()
      .map(({ id }) => id as string);
  }

  /** @returns the positions of files that were begun and are not here yet. */
  runningPositions(transferId: string): number[] {
    return this.database
      .prepare(`SELECT position FROM transfer_files WHERE transferId = ? AND state = 'running'`)
      .all(transferId)
      .map(({ position }) => position as number);
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

  /** In steps: a transfer may have 100,000 files. Nobody sees it from now on; a start of the node finishes what a crash interrupts. */
  delete(id: string): Promise<void> {
    this.update(id, { state: DRAFT_STATE });
    return deleteTransfer(this.database, id);
  }
}
