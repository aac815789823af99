import type { TestNode } from './test-node';

/**
 * Pairs two nodes by invitation and waits until both see the other online.
 * @param change what happens to the invitation on its way.
 */
export async function pair(
  inviter: TestNode,
  claimer: TestNode,
  change: (uri: string) => string = (uri) => uri,
): Promise<void> {
  const { body } = await inviter.call('POST', '/pairings');
  const { status } = await claimer.call('POST', '/pairings/claim', { uri: change(String(body['uri'])) });
  if (status !== 201) throw new Error(`Claiming the invitation answered ${status}`);
  await inviter.until(() => inviter.peers.get(claimer.id).state === 'online');
  await claimer.until(() => claimer.peers.get(inviter.id).state === 'online');
}
