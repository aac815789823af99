import { once } from 'node:events';
import { connect } from 'node:net';
import { withDeadline } from '@ferry/test-nodes';

/** Sends a request just as it stands, for what clients will not send, and returns the whole answer. */
export async function rawRequest(
  port: number,
  lines: readonly string[],
  body = '',
): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
  socket.on('error', () => socket.destroy());
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  await withDeadline(once(socket, 'close'), 10_000, `the answer to ${lines[0]}`);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}
