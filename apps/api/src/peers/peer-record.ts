import type { PeerPermissions } from '@ferry/protocol';

/** What is stored of a peer. */
export interface PeerRecord {
  readonly id: string;
  /** The name the user gave it here, else its own. */
  readonly name: string;
  readonly isPaired: boolean;
  /** As stored; those of a device that is not paired count once it is. */
  readonly permissions: PeerPermissions;
  /** `host:port`, last good one first. */
  readonly addresses: readonly string[];
  /** ISO 8601. */
  readonly lastSeenAt?: string;
  readonly lastError?: string;
}

export const PEER_MIGRATIONS: readonly string[] = [
  `CREATE TABLE peers (
     id         TEXT PRIMARY KEY,
     remoteName TEXT NOT NULL,
     alias      TEXT,
     sortName   TEXT NOT NULL, -- of the name shown, folded
     isPaired   INTEGER NOT NULL DEFAULT 0,
     lastSeenAt TEXT,
     lastError  TEXT
   ) STRICT;
   CREATE INDEX peers_by_name ON peers (sortName, id);
   CREATE TABLE peer_addresses (
     seq        INTEGER PRIMARY KEY,
     peerId     TEXT NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
     address    TEXT NOT NULL,
     lastGoodAt TEXT,
     UNIQUE (peerId, address)
   ) STRICT;`,
  `ALTER TABLE peers ADD COLUMN seeMyFiles INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE peers ADD COLUMN sendToMe INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE peers ADD COLUMN autoAcceptBytes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE peers ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;`,
];

/** What names are sorted and searched by. */
export function sortNameOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
