/** Steps of the store's part of the database: append, never edit. */
export const FILE_STORE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE entry (
    row_id INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    path TEXT NOT NULL,
    path_folded TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    size INTEGER NOT NULL,
    mtime REAL NOT NULL,
    inode REAL NOT NULL,
    added_at INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    state TEXT NOT NULL,
    file_id TEXT,
    visibility TEXT NOT NULL,
    trashed_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX entry_path ON entry (scope, path) WHERE trashed_at IS NULL;
  CREATE INDEX entry_name ON entry (scope, name, id) WHERE trashed_at IS NULL;
  CREATE INDEX entry_size ON entry (scope, size, id) WHERE trashed_at IS NULL;
  CREATE INDEX entry_mtime ON entry (scope, mtime, id) WHERE trashed_at IS NULL;
  CREATE INDEX entry_added ON entry (scope, added_at, id) WHERE trashed_at IS NULL;
  CREATE INDEX entry_offered ON entry (scope, name, id) WHERE trashed_at IS NULL AND visibility = 'all-paired';
  CREATE INDEX entry_unhashed ON entry (size, row_id) WHERE state = 'hashing' AND trashed_at IS NULL;
  CREATE INDEX entry_file_id ON entry (file_id) WHERE file_id IS NOT NULL;
  CREATE INDEX entry_inode ON entry (inode);
  CREATE TABLE entry_hashes (
    row_id INTEGER PRIMARY KEY REFERENCES entry (row_id) ON DELETE CASCADE,
    hashes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE staging (
    key TEXT PRIMARY KEY,
    part TEXT NOT NULL UNIQUE,
    file_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    hashes BLOB NOT NULL,
    blocks BLOB NOT NULL,
    state TEXT NOT NULL,
    final_path TEXT,
    inode REAL NOT NULL,
    entry_id TEXT,
    touched_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX staging_state ON staging (state, final_path);
  `,
  `CREATE INDEX entry_trashed ON entry (trashed_at) WHERE trashed_at IS NOT NULL;`,
  `
  CREATE TABLE entry_viewer (
    row_id INTEGER NOT NULL REFERENCES entry (row_id) ON DELETE CASCADE,
    peer_id TEXT NOT NULL,
    scope TEXT, -- of the entry; NULL while it lies in the trash
    PRIMARY KEY (row_id, peer_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_viewer_peer ON entry_viewer (peer_id, scope);
  CREATE TRIGGER entry_viewer_scope AFTER UPDATE OF trashed_at ON entry
  WHEN (OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL) BEGIN
    UPDATE entry_viewer SET scope = iif(NEW.trashed_at IS NULL, NEW.scope, NULL) WHERE row_id = NEW.row_id;
  END;
  -- Searches read these two alone, without the rows.
  DROP INDEX entry_name;
  CREATE INDEX entry_name ON entry (scope, name, id, path_folded) WHERE trashed_at IS NULL;
  DROP INDEX entry_offered;
  CREATE INDEX entry_offered_name ON entry (scope, name, id, path_folded)
    WHERE trashed_at IS NULL AND visibility = 'all-paired';
  CREATE INDEX entry_offered_size ON entry (scope, size, id) WHERE trashed_at IS NULL AND visibility = 'all-paired';
  CREATE INDEX entry_offered_mtime ON entry (scope, mtime, id) WHERE trashed_at IS NULL AND visibility = 'all-paired';
  CREATE INDEX entry_offered_added ON entry (scope, added_at, id) WHERE trashed_at IS NULL AND visibility = 'all-paired';
  `,
  `
  CREATE TABLE gone_entry (
    path TEXT PRIMARY KEY, -- in the share
    visibility TEXT NOT NULL,
    gone_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE gone_viewer (
    path TEXT NOT NULL REFERENCES gone_entry (path) ON DELETE CASCADE,
    peer_id TEXT NOT NULL,
    PRIMARY KEY (path, peer_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX gone_viewer_peer ON gone_viewer (peer_id);
  `,
];
