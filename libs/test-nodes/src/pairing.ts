import { formatInvitation, parseInvitation } from '@ferry/protocol';
import type { NodeProcess } from './node-process';

/** The same invitation with other addresses: the device id pins the inviter, whatever the way to it. */
export function throughAddress(uri: string, ...addresses: string[]): string {
  return formatInvitation({ ...parseInvitation(uri), addresses });
}

/**
 * Pairs two nodes by invitation.
 * @param address where the claimer dials, instead of the addresses in the invitation.
 * @returns the device ids as each side knows the other.
 */
export async function pair(
  inviter: NodeProcess,
  claimer: NodeProcess,
  address?: string,
): Promise<{ readonly inviterId: string; readonly claimerId: string }> {
  const { uri = '' } = await inviter.api.invite();
  const pairing = await claimer.api.claim(address === undefined ? uri : throughAddress(uri, address));
  const { device } = await claimer.api.status();
  if (pairing.state !== 'paired' || pairing.peerId === undefined)
    throw new Error(`not paired: ${JSON.stringify(pairing)}`);
  return { inviterId: pairing.peerId, claimerId: device.id };
}
