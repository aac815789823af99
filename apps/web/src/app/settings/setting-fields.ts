import type { ConflictRule, Settings, UpdateSettingsRequest } from '@ferry/protocol';
import { readMebibytes, toMebibytes } from '../format/mebibytes';

/** One setting as the user edits it: a text, or one of a few choices. */
export interface SettingField {
  readonly key: keyof Settings;
  readonly label: string;
  readonly help: string;
  /** Behind the input. */
  readonly unit?: string;
  readonly kind: 'number' | 'text' | 'list' | 'choice';
  readonly choices?: readonly { readonly value: ConflictRule; readonly label: string }[];
  show(settings: Settings): string;
  /** @returns what to store, or, as a sentence, what is wrong with the text. */
  read(text: string): UpdateSettingsRequest | string;
}

const SEPARATORS = /[\s,;]+/;
const MAX_DAYS = 36_500;

const readExtensions = (text: string): string[] =>
  text
    .split(SEPARATORS)
    .map((part) => part.replace(/^\*?\./, '').toLowerCase())
    .filter((part) => part !== '');

function readDays(text: string): number | null {
  const days = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : Number.NaN;
  return days <= MAX_DAYS ? days : null;
}

function folder(key: 'sharedDir' | 'receivedDir', label: string, help: string): SettingField {
  const read = (text: string) => (text.trim() === '' ? 'Enter the whole path of a folder.' : { [key]: text.trim() });
  return { key, label, help, kind: 'text', show: (settings) => settings[key], read };
}

export const LIMIT_FIELDS: readonly SettingField[] = [
  {
    key: 'maxFileSize',
    label: 'Largest file',
    help: 'Of files that are added here or received. 0 means no limit.',
    unit: 'MiB',
    kind: 'number',
    show: ({ maxFileSize }) => String(toMebibytes(maxFileSize)),
    read: (text) => {
      const maxFileSize = readMebibytes(text);
      return maxFileSize === null ? 'Enter a whole number of MiB, 0 for no limit.' : { maxFileSize };
    },
  },
  {
    key: 'allowedExtensions',
    label: 'Allowed file types',
    help: 'Endings of names, with spaces or commas between them. * allows all that are not blocked.',
    kind: 'list',
    show: ({ allowedExtensions }) => allowedExtensions.join(' '),
    read: (text) => {
      const allowedExtensions = readExtensions(text);
      return allowedExtensions.length === 0 ? 'Enter at least one ending, or * for all.' : { allowedExtensions };
    },
  },
  {
    key: 'blockedExtensions',
    label: 'Blocked file types',
    help: 'Never accepted, whatever is allowed: most of these can run as programs.',
    kind: 'list',
    show: ({ blockedExtensions }) => blockedExtensions.join(' '),
    read: (text) => ({ blockedExtensions: readExtensions(text) }),
  },
  {
    key: 'onConflict',
    label: 'When a name is taken',
    help: 'For files that are added here or received. What is replaced goes to the trash.',
    kind: 'choice',
    choices: [
      { value: 'keep-both', label: 'Keep both' },
      { value: 'replace', label: 'Replace the old file' },
      { value: 'skip', label: 'Skip the new file' },
    ],
    show: ({ onConflict }) => onConflict,
    read: (text) => ({ onConflict: text as ConflictRule }),
  },
];

export const FOLDER_FIELDS: readonly SettingField[] = [
  folder('sharedDir', 'Shared folder', 'Paired devices see what lies in it.'),
  folder('receivedDir', 'Received files', 'Where files from other devices are stored.'),
  {
    key: 'trashRetentionDays',
    label: 'Keep deleted files',
    help: 'After that they are deleted for good. 0 keeps them until you empty the trash.',
    unit: 'days',
    kind: 'number',
    show: ({ trashRetentionDays }) => String(trashRetentionDays),
    read: (text) => {
      const trashRetentionDays = readDays(text);
      return trashRetentionDays === null ? `Enter a whole number of days up to ${MAX_DAYS}.` : { trashRetentionDays };
    },
  },
];
