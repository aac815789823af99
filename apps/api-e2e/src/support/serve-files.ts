import { parseFileManifestRequest, parseFileReadRequest, PATTERNS } from '@ferry/protocol';
import type { OfferedFile } from './offered-file';
import { dataFrame, errorFrame, responseFrame } from './raw-frame';
import type { Answer } from './raw-wire';

/** Answers of a device that shares these files and serves them as it should. */
export function servesFiles(files: readonly OfferedFile[]): Record<string, Answer> {
  return {
    [PATTERNS.filesList]: (wire, stream) => {
      const entries = files.map(({ entry }) => entry);
      wire.send(responseFrame(stream, { entries, nextCursor: null, total: entries.length }));
    },
    [PATTERNS.fileManifest]: (wire, stream, data) => {
      const { entryId, firstBlock, blockCount } = parseFileManifestRequest(data);
      const file = files.find(({ id }) => id === entryId);
      if (!file) return wire.send(unknownFile(stream));
      wire.send(...file.manifest(firstBlock, blockCount).map((payload) => dataFrame(stream, payload)));
      wire.send(responseFrame(stream, file.head));
    },
    [PATTERNS.fileRead]: (wire, stream, data) => {
      const { fileId, ranges } = parseFileReadRequest(data);
      const file = files.find(({ head }) => head.fileId === fileId);
      if (!file) return wire.send(unknownFile(stream));
      for (const block of blocksOf(ranges)) {
        wire.send(...file.block(block).map((payload) => dataFrame(stream, payload)));
      }
      wire.send(responseFrame(stream, {}));
    },
  };
}

/** The blocks that ranges name. */
export function blocksOf(ranges: readonly (readonly [first: number, count: number])[]): number[] {
  return ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, index) => first + index));
}

function unknownFile(stream: number): Uint8Array {
  return errorFrame(stream, 8, 'UNKNOWN_FILE', 'not offered');
}
