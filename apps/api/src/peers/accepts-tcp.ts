import { once } from 'node:events';
import { connect } from 'node:net';
import { parseAddress } from '@ferry/protocol';

const TIMEOUT_MS = 2_000;

/** Whether anything takes a TCP connection at `host:port`. */
export async function acceptsTcp(address: string): Promise<boolean> {
  const socket = connect(parseAddress(address));
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false; // refused, unreachable or silent: the same answer
  } finally {
    socket.destroy();
  }
}
