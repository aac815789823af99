import type { Pairing } from '@ferry/protocol';
import type { Answer, TestNode } from './test-node';

/** The two views of one comparison. */
export interface Compared {
  /** Of the node whose user began it. */
  readonly near: Pairing;
  readonly far: Pairing;
}

export const asPairing = ({ body }: Answer): Pairing => body as unknown as Pairing;

/** The newest pairing of a node in one of the states. */
export async function pairingIn(node: TestNode, ...states: readonly string[]): Promise<Pairing | undefined> {
  const { body } = await node.call('GET', '/pairings');
  return (body['items'] as Pairing[]).find(({ state }) => states.includes(state));
}

/** Opens pairing mode at `far` and lets the user of `near` pair with its address: both then show what to compare. */
export async function compare(near: TestNode, far: TestNode, address = far.peerAddress): Promise<Compared> {
  await far.call('PUT', '/pairing-mode', { open: true });
  const claimed = await near.call('POST', '/pairings/claim', { address });
  if (claimed.status !== 201) throw new Error(`Claiming the address answered ${JSON.stringify(claimed)}`);
  const shown = await pairingIn(far, 'comparing');
  if (!shown) throw new Error('The other node shows no comparison');
  return { near: asPairing(claimed), far: shown };
}

/** What the user of `node` says to its comparison. */
export function confirm(node: TestNode, { id }: Pairing, match = true): Promise<Answer> {
  return node.call('POST', `/pairings/${id}/confirm`, { match });
}

/** Resolves when the pairing has this state. */
export async function untilState(node: TestNode, { id }: Pairing, state: string): Promise<Pairing> {
  const isThere = (): boolean =>
    node.published().some(([type, data]) => {
      const pairing = data as Pairing;
      return type === 'pairings.changed' && pairing.id === id && pairing.state === state;
    });
  await node.until(isThere);
  return asPairing(await node.call('GET', `/pairings/${id}`));
}
