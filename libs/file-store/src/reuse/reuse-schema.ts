import { BLOCK_BYTES, HASH_BYTES } from '@ferry/protocol';
import { INLINE_INDEXED_BLOCKS } from '../limits';

/** Leading bytes of a block's hash that the index keeps; what it finds is verified by the whole hash anyway. */
export const PREFIX_BYTES = 8;

const INLINE_NUMBERS = Array.from({ length: INLINE_INDEXED_BLOCKS }, (_, number) => `(${number})`).join(', ');

/** A file with other hashes is another source: the places of the former one are dead by that, without being looked for. */
const HASHES_CHANGED = `
  DELETE FROM block_source WHERE entry_row = NEW.row_id;
  INSERT INTO block_source (entry_row, blocks, next)
    SELECT NEW.row_id, length(NEW.hashes) / ${HASH_BYTES},
      iif(length(NEW.hashes) > ${INLINE_INDEXED_BLOCKS * HASH_BYTES}, 0, NULL)
    WHERE length(NEW.hashes) > 0;
  INSERT OR IGNORE INTO block_place (prefix, source, block)
    SELECT substr(NEW.hashes, number.column1 * ${HASH_BYTES} + 1, ${PREFIX_BYTES}), source, number.column1
    FROM block_source, (VALUES ${INLINE_NUMBERS}) AS number
    WHERE entry_row = NEW.row_id AND next IS NULL AND number.column1 < blocks;`;

const PUBLISHED_ENTRY = 'SELECT row_id FROM entry WHERE id = NEW.entry_id AND file_id = NEW.file_id';

/**
 * Steps of the block index's part of the database, after those of the store: append, never edit. Triggers keep the sources
 * true, whoever changes an entry or what is staged. docs/decisions/0015-block-index.md.
 */
export const REUSE_MIGRATIONS: readonly string[] = [
  `
  -- Files that blocks can be copied from. A number is never used again.
  CREATE TABLE block_source (
    source INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_row INTEGER UNIQUE REFERENCES entry (row_id) ON DELETE CASCADE,
    staging_key TEXT UNIQUE,
    blocks INTEGER NOT NULL, -- places it has at most
    next INTEGER -- first block that is to be indexed in the background; NULL: none
  ) STRICT;
  CREATE INDEX block_source_next ON block_source (source) WHERE next IS NOT NULL;
  CREATE TABLE block_place (
    prefix BLOB NOT NULL, -- of the block's hash
    source INTEGER NOT NULL, -- dead when there is no such source
    block INTEGER NOT NULL,
    PRIMARY KEY (prefix, source, block)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE block_dead (places INTEGER NOT NULL) STRICT; -- one row: dead places since the last sweep, at most
  INSERT INTO block_dead VALUES (0);

  INSERT INTO block_source (entry_row, blocks, next)
    SELECT row_id, length(hashes) / ${HASH_BYTES}, 0 FROM entry_hashes WHERE length(hashes) > 0;

  CREATE TRIGGER block_source_hashed AFTER INSERT ON entry_hashes BEGIN ${HASHES_CHANGED} END;
  CREATE TRIGGER block_source_rehashed AFTER UPDATE OF hashes ON entry_hashes BEGIN ${HASHES_CHANGED} END;
  CREATE TRIGGER block_source_dead AFTER DELETE ON block_source BEGIN
    UPDATE block_dead SET places = places + OLD.blocks;
  END;

  -- Staged from the beginning (again): nothing of before is there.
  CREATE TRIGGER block_source_restaged AFTER INSERT ON staging
  WHEN NEW.blocks = zeroblob(length(NEW.blocks)) BEGIN
    DELETE FROM block_source WHERE staging_key = NEW.key;
  END;
  CREATE TRIGGER block_source_unstaged AFTER DELETE ON staging BEGIN
    DELETE FROM block_source WHERE staging_key = OLD.key;
  END;
  -- What was indexed of the staged file goes on as the received one, whose last blocks are added in the background.
  CREATE TRIGGER block_source_published AFTER UPDATE OF state ON staging WHEN NEW.state = 'published' BEGIN
    DELETE FROM block_source WHERE entry_row = (${PUBLISHED_ENTRY})
      AND EXISTS (SELECT 1 FROM block_source WHERE staging_key = NEW.key);
    UPDATE block_source SET entry_row = (${PUBLISHED_ENTRY}), staging_key = NULL, next = 0,
      blocks = (NEW.size + ${BLOCK_BYTES - 1}) / ${BLOCK_BYTES}
      WHERE staging_key = NEW.key AND EXISTS (${PUBLISHED_ENTRY});
    DELETE FROM block_source WHERE staging_key = NEW.key;
  END;
  `,
];
