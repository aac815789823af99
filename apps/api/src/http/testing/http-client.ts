import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** One request on its own connection. Unlike fetch it can send any Host, Origin and Sec-Fetch header. */
export async function ask(port: number, path: string, { method = 'GET', headers, body }: Ask = {}): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  return { status: incoming.statusCode, headers: incoming.headers, text: await text(incoming) };
}

/** A JSON body with its header. */
export function json(value: unknown, method = 'POST'): Ask {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Sends these very bytes and returns everything that comes back until the server closes. */
export async function askRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}
