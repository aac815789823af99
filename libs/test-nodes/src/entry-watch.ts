import type { FileEntry } from '@ferry/protocol';
import type { Api } from './api';
import { EventReader, isEvent } from './event-reader';

const WAIT_MS = 30_000;

/** Waits by events until an entry at `path` is as wanted; ready (hashed) without `isWanted`. */
export async function untilEntry(
  api: Api,
  path: string,
  isWanted: (entry: FileEntry) => boolean = (entry) => entry.state === 'ready',
): Promise<FileEntry> {
  const isFound = (entry: FileEntry) => entry.path === path && isWanted(entry);
  const reader = await EventReader.open(api.origin); // first, so that nothing is missed in between
  try {
    const { items } = await api.get<{ items: FileEntry[] }>('/files?scope=all&limit=1000');
    const known = items.find(isFound);
    if (known) return known;
    for await (const event of reader.from(0, WAIT_MS, `the entry ${path}`)) {
      if ((isEvent(event, 'files.added') || isEvent(event, 'files.changed')) && isFound(event.data)) return event.data;
    }
    throw new Error(`the event stream ended before the entry ${path}`);
  } finally {
    reader.close();
  }
}
