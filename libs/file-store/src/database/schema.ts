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
  `
  ALTER TABLE entry ADD COLUMN kind TEXT NOT NULL DEFAULT 'file';
  ALTER TABLE entry ADD COLUMN folder TEXT NOT NULL DEFAULT ''; -- path of the folder it lies in
  ALTER TABLE entry ADD COLUMN sha256 TEXT;
  ALTER TABLE entry ADD COLUMN file_count INTEGER NOT NULL DEFAULT 0; -- of a folder: files anywhere below; size likewise
  ALTER TABLE entry ADD COLUMN birth REAL NOT NULL DEFAULT 0; -- of a folder
  UPDATE entry SET folder = substr(path, 1, max(length(path) - length(name) - 1, 0));

  DROP INDEX entry_name;
  DROP INDEX entry_size;
  DROP INDEX entry_mtime;
  DROP INDEX entry_added;
  DROP INDEX entry_offered_name;
  DROP INDEX entry_offered_size;
  DROP INDEX entry_offered_mtime;
  DROP INDEX entry_offered_added;
  -- Each index more costs 100,000 random writes in a first scan: parts of a list are read along these, or sorted where they are few.
  CREATE INDEX entry_name ON entry (scope, kind, name, row_id, path_folded) WHERE trashed_at IS NULL;
  CREATE INDEX entry_size ON entry (scope, kind, size) WHERE trashed_at IS NULL;
  CREATE INDEX entry_mtime ON entry (scope, kind, mtime) WHERE trashed_at IS NULL;
  CREATE INDEX entry_added ON entry (scope, kind, added_at) WHERE trashed_at IS NULL;
  CREATE INDEX entry_type ON entry (scope, kind, media_type) WHERE trashed_at IS NULL;
  CREATE INDEX entry_offered_name ON entry (scope, kind, name, row_id, path_folded)
    WHERE trashed_at IS NULL AND visibility = 'all-paired';
  CREATE INDEX entry_in_name ON entry (scope, folder, kind, name, row_id, visibility, path_folded) WHERE trashed_at IS NULL;
  CREATE INDEX entry_below ON entry (scope, path, kind, visibility, size) WHERE trashed_at IS NULL;
  CREATE INDEX entry_hidden ON entry (scope, path, kind, size) WHERE trashed_at IS NULL AND visibility <> 'all-paired';
  -- Small files in the order they were found, which is folder by folder; then by size.
  DROP INDEX entry_unhashed;
  CREATE INDEX entry_unhashed ON entry (max(size, 262144), row_id, size) WHERE state = 'hashing' AND trashed_at IS NULL;
  CREATE INDEX entry_unsummed ON entry (max(size, 262144), row_id, size)
    WHERE sha256 IS NULL AND kind = 'file' AND state = 'ready' AND trashed_at IS NULL;

  -- What a transaction changed in folders, until it adds that to the folders above, before it commits.
  CREATE TABLE folder_change (
    scope TEXT NOT NULL,
    folder TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    files INTEGER NOT NULL,
    PRIMARY KEY (scope, folder)
  ) STRICT, WITHOUT ROWID;
  -- Folders whose numbers are not known: they are counted anew.
  CREATE TABLE folder_recount (row_id INTEGER PRIMARY KEY) STRICT;
  -- Number and bytes of all files.
  CREATE TABLE scope_total (scope TEXT PRIMARY KEY, files INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
  INSERT INTO scope_total VALUES ('shared', 0, 0), ('received', 0, 0);
  UPDATE scope_total SET (files, bytes) = (
    SELECT COUNT(*), CAST(TOTAL(size) AS INTEGER) FROM entry WHERE entry.scope = scope_total.scope AND trashed_at IS NULL);
  CREATE TRIGGER entry_file_added AFTER INSERT ON entry
  WHEN NEW.kind = 'file' AND NEW.trashed_at IS NULL BEGIN
    INSERT INTO folder_change VALUES (NEW.scope, NEW.folder, NEW.size, 1)
      ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, files = files + excluded.files;
  END;
  CREATE TRIGGER entry_file_removed AFTER DELETE ON entry
  WHEN OLD.kind = 'file' AND OLD.trashed_at IS NULL BEGIN
    INSERT INTO folder_change VALUES (OLD.scope, OLD.folder, -OLD.size, -1)
      ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, files = files + excluded.files;
  END;
  CREATE TRIGGER entry_file_changed AFTER UPDATE OF size, folder, trashed_at ON entry
  WHEN NEW.kind = 'file' AND (OLD.size <> NEW.size OR OLD.folder <> NEW.folder OR (OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL)) BEGIN
    INSERT INTO folder_change SELECT OLD.scope, OLD.folder, -OLD.size, -1 WHERE OLD.trashed_at IS NULL
      ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, files = files + excluded.files;
    INSERT INTO folder_change SELECT NEW.scope, NEW.folder, NEW.size, 1 WHERE NEW.trashed_at IS NULL
      ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, files = files + excluded.files;
  END;
  CREATE TRIGGER entry_folder_added AFTER INSERT ON entry WHEN NEW.kind = 'folder' BEGIN
    INSERT OR IGNORE INTO folder_recount VALUES (NEW.row_id);
  END;
  CREATE TRIGGER entry_folder_moved AFTER UPDATE OF path, trashed_at ON entry
  WHEN NEW.kind = 'folder' AND NEW.trashed_at IS NULL AND (OLD.path <> NEW.path OR OLD.trashed_at IS NOT NULL) BEGIN
    INSERT OR IGNORE INTO folder_recount VALUES (NEW.row_id);
  END;

  -- Folders that were shown to others: what lies in them follows, over a restart if need be.
  CREATE TABLE visibility_spread (row_id INTEGER PRIMARY KEY REFERENCES entry (row_id) ON DELETE CASCADE) STRICT;

  -- What lies in a folder and is not listed.
  CREATE TABLE skipped (
    scope TEXT NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    seen INTEGER NOT NULL, -- number of the look at the disk that found it last
    PRIMARY KEY (scope, path)
  ) STRICT, WITHOUT ROWID;
  `,
];
