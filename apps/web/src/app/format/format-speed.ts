import { formatBytes } from '@ferry/protocol';

/** `11.2 MiB/s`. */
export function formatSpeed(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}
