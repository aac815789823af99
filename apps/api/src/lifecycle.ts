import { channel } from 'node:diagnostics_channel';

/** Time a graceful stop may take before the process ends anyway. */
const STOP_DEADLINE_MS = 8_000;

/**
 * Runs `stop` once, at the first of: SIGINT, SIGTERM, an IPC message `{type: 'stop'}`, the loss of the supervising process.
 * A second signal ends the process at once. To be called before anything is awaited.
 */
export function onStopRequest(stop: () => Promise<void>): void {
  let signals = 0;
  let stopping: Promise<void> | undefined;
  const begin = (): void => {
    if (stopping) return;
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    stopping = stop().finally(() => {
      if (process.connected) process.disconnect?.(); // an open channel would keep the process alive
    });
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      signals += 1;
      if (signals > 1) process.exit(130);
      begin();
    });
  }
  process.on('message', (message) => {
    if (isStop(message)) begin();
  });
  process.on('disconnect', begin);
}

/** Tells whoever started this program, in another process or (main.mjs) in this one, which ports are open. */
export function announceListening(ports: Readonly<Record<string, number>>): void {
  process.send?.({ type: 'listening', ...ports });
  channel('ferry:listening').publish(ports);
}

function isStop(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop';
}
