import type { FileEntry } from '@ferry/protocol';

const BY_START: readonly (readonly [start: string, icon: string])[] = [
  ['image/', 'bi-file-earmark-image'],
  ['video/', 'bi-file-earmark-play'],
  ['audio/', 'bi-file-earmark-music'],
  ['application/pdf', 'bi-file-earmark-pdf'],
  ['application/zip', 'bi-file-earmark-zip'],
  ['application/x-tar', 'bi-file-earmark-zip'],
  ['application/gzip', 'bi-file-earmark-zip'],
  ['application/vnd.rar', 'bi-file-earmark-zip'],
  ['application/x-7z-compressed', 'bi-file-earmark-zip'],
  ['application/msword', 'bi-file-earmark-text'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml', 'bi-file-earmark-text'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml', 'bi-file-earmark-spreadsheet'],
  ['application/vnd.ms-excel', 'bi-file-earmark-spreadsheet'],
  ['application/vnd.openxmlformats-officedocument.presentationml', 'bi-file-earmark-slides'],
  ['application/vnd.ms-powerpoint', 'bi-file-earmark-slides'],
  ['application/json', 'bi-file-earmark-code'],
  ['text/html', 'bi-file-earmark-code'],
  ['text/css', 'bi-file-earmark-code'],
  ['text/javascript', 'bi-file-earmark-code'],
  ['text/', 'bi-file-earmark-text'],
];

/** The Bootstrap icon for a kind of file. */
export function fileIcon({ mediaType, kind }: Pick<FileEntry, 'mediaType' | 'kind'>): string {
  if (kind === 'folder') return 'bi-folder';
  return BY_START.find(([start]) => mediaType.startsWith(start))?.[1] ?? 'bi-file-earmark';
}
