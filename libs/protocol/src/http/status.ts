import type { FileScope } from './files';

/** `GET /status`. Source: DESIGN section 6. */
export interface NodeStatus {
  readonly device: { readonly id: string; readonly name: string };
  readonly version: string;
  /** The ports really bound. */
  readonly ports: {
    readonly http: number;
    readonly web: number;
    readonly peer: number;
  };
  /** `host:port` under which peers can reach this device, as far as it knows itself. */
  readonly addresses: readonly string[];
  readonly limits: {
    /** Bytes; 0 = no limit. */
    readonly maxFileSize: number;
    /** `['*']` = any but the blocked ones. */
    readonly allowedExtensions: readonly string[];
    readonly blockedExtensions: readonly string[];
  };
  readonly storage: {
    readonly sharedDir: string;
    readonly receivedDir: string;
    /** Bytes on the file system of the received folder. */
    readonly freeBytes: number;
    readonly totalBytes: number;
    /** Bytes of what lies in the trash. */
    readonly trashBytes?: number;
    /** Folders of the settings that cannot be used at this moment, for instance as their disk is not there; absent when all can. */
    readonly unusable?: readonly { readonly scope: FileScope; readonly reason: string }[];
  };
  readonly totals: {
    readonly sharedFiles: number;
    readonly sharedBytes: number;
    readonly receivedFiles: number;
    readonly receivedBytes: number;
    /** Files that are listed and still to be hashed. */
    readonly hashingFiles: number;
    readonly hashingBytes: number;
    readonly pairedPeers: number;
    readonly onlinePeers: number;
    readonly activeTransfers: number;
  };
}
