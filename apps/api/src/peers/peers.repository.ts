import { Database } from '@ferry/file-store';
import type { ListQuery, Page, PeerPermissions } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { PEER_MIGRATIONS, sortNameOf, type PeerRecord } from './peer-record';
import { listPeerIds } from './peer-pages';

const MAX_ADDRESSES_PER_PEER = 16;

interface PeerRow {
  id: string;
  remoteName: string;
  alias: string | null;
  isPaired: number;
  lastSeenAt: string | null;
  lastError: string | null;
  seeMyFiles: number;
  sendToMe: number;
  autoAcceptBytes: number;
  blocked: number;
}

/** Peers, their addresses and whether they are trusted, in SQLite. What returns has been committed. */
@Injectable()
export class PeersRepository {
  constructor(private readonly database: Database) {
    database.migrate('peers', PEER_MIGRATIONS);
  }

  find(id: string): PeerRecord | undefined {
    const row = this.row(id);
    return row && this.toRecord(row);
  }

  list(query: ListQuery): Page<PeerRecord> {
    const { ids, nextCursor, total } = listPeerIds(this.database, query);
    const items = ids.flatMap((id) => this.find(id) ?? []);
    return { items, nextCursor, total };
  }

  /** The known device whose id begins so. */
  idBeginning(start: string): string | undefined {
    // Ids are capital letters and digits, and ~ comes after all of them.
    const row = this.database.prepare("SELECT id FROM peers WHERE id >= ?1 AND id < ?1 || '~'").get(start);
    return row?.['id'] as string | undefined;
  }

  isPaired(id: string): boolean {
    return this.row(id)?.isPaired === 1;
  }

  /** Whether the user refuses this device, paired or not. */
  isBlocked(id: string): boolean {
    return this.row(id)?.blocked === 1;
  }

  /** As stored; `undefined` for an unknown device. */
  permissions(id: string): PeerPermissions | undefined {
    const row = this.row(id);
    return row && toPermissions(row);
  }

  setPermissions(id: string, { seeMyFiles, sendToMe, autoAcceptBytes, blocked }: PeerPermissions): void {
    this.database
      .prepare('UPDATE peers SET seeMyFiles = ?, sendToMe = ?, autoAcceptBytes = ?, blocked = ? WHERE id = ?')
      .run(Number(seeMyFiles), Number(sendToMe), autoAcceptBytes, Number(blocked), id);
    this.database.backupSoon();
  }

  /** The paired devices that may be dialled. */
  wantedIds(): string[] {
    const rows = this.database
      .prepare('SELECT id FROM peers WHERE isPaired = 1 AND blocked = 0 ORDER BY sortName, id')
      .all();
    return rows.map(({ id }) => id as string);
  }

  countPaired(): number {
    const row = this.database.prepare('SELECT count(*) AS paired FROM peers WHERE isPaired = 1').get();
    return row?.['paired'] as number;
  }

  /** Stores a device under the name it gives itself; a known one keeps its alias and trust. */
  save(id: string, remoteName: string): void {
    this.database
      .prepare(
        `INSERT INTO peers (id, remoteName, sortName) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET remoteName = ?2, sortName = iif(alias IS NULL, ?3, sortName)
         WHERE remoteName <> ?2`,
      )
      .run(id, remoteName, sortNameOf(remoteName));
  }

  /** Stores the device as trusted. */
  saveTrusted(id: string, remoteName: string): void {
    this.database.transaction(() => {
      this.save(id, remoteName);
      this.database.prepare('UPDATE peers SET isPaired = 1, lastError = NULL WHERE id = ?').run(id);
    });
    this.database.backupSoon();
  }

  /** From now on the peer is shown under the user's name for it. */
  setAlias(id: string, alias: string): void {
    this.database.prepare('UPDATE peers SET alias = ?, sortName = ? WHERE id = ?').run(alias, sortNameOf(alias), id);
  }

  setLastSeen(id: string, at: Date): void {
    this.database.prepare('UPDATE peers SET lastSeenAt = ? WHERE id = ?').run(at.toISOString(), id);
  }

  /** @returns whether that is news. */
  setLastError(id: string, message: string | null): boolean {
    const { changes } = this.database
      .prepare('UPDATE peers SET lastError = ?1 WHERE id = ?2 AND lastError IS NOT ?1')
      .run(message, id);
    return changes > 0;
  }

  addresses(id: string): string[] {
    const rows = this.database
      .prepare(
        `SELECT address FROM peer_addresses WHERE peerId = ?
         ORDER BY lastGoodAt DESC NULLS LAST, seq DESC`,
      )
      .all(id);
    return rows.map(({ address }) => address as string);
  }

  /** @returns whether the address was new. Beyond the limit the least promising ones are dropped. */
  addAddress(id: string, address: string): boolean {
    return this.database.transaction(() => {
      const { changes } = this.database
        .prepare('INSERT OR IGNORE INTO peer_addresses (peerId, address) VALUES (?, ?)')
        .run(id, address);
      this.database
        .prepare(
          `DELETE FROM peer_addresses WHERE seq IN (
             SELECT seq FROM peer_addresses WHERE peerId = ?
             ORDER BY lastGoodAt DESC NULLS LAST, seq DESC LIMIT -1 OFFSET ${MAX_ADDRESSES_PER_PEER})`,
        )
        .run(id);
      return changes > 0;
    });
  }

  /** Puts the address first. */
  markGood(id: string, address: string, at: Date): void {
    this.database
      .prepare(
        `INSERT INTO peer_addresses (peerId, address, lastGoodAt) VALUES (?, ?, ?)
         ON CONFLICT (peerId, address) DO UPDATE SET lastGoodAt = excluded.lastGoodAt`,
      )
      .run(id, address, at.toISOString());
  }

  remove(id: string): void {
    this.database.prepare('DELETE FROM peers WHERE id = ?').run(id);
    this.database.backupSoon();
  }

  private row(id: string): PeerRow | undefined {
    return this.database.prepare('SELECT * FROM peers WHERE id = ?').get(id) as PeerRow | undefined;
  }

  private toRecord(row: PeerRow): PeerRecord {
    return {
      id: row.id,
      name: row.alias ?? row.remoteName,
      isPaired: row.isPaired === 1,
      permissions: toPermissions(row),
      addresses: this.addresses(row.id),
      ...(row.lastSeenAt !== null && { lastSeenAt: row.lastSeenAt }),
      ...(row.lastError !== null && { lastError: row.lastError }),
    };
  }
}

function toPermissions({ seeMyFiles, sendToMe, autoAcceptBytes, blocked }: PeerRow): PeerPermissions {
  return { seeMyFiles: seeMyFiles === 1, sendToMe: sendToMe === 1, autoAcceptBytes, blocked: blocked === 1 };
}
