import { once } from 'node:events';
import { connect } from 'node:tls';
import { FrameType, PATTERNS } from '@ferry/protocol';
import { type NodeProcess, withDeadline } from '@ferry/test-nodes';
import { invitationClaim } from './invitation-claim';
import { RawWire } from './raw-wire';
import { createIdentity, type TestIdentity } from './test-identity';

const CONNECT_MS = 10_000;

/** A connection with finished TLS and no hello. */
export async function dialWire(node: NodeProcess, { keyPem, certificatePem }: TestIdentity): Promise<RawWire> {
  const socket = connect({
    host: '127.0.0.1',
    port: node.ports.peer,
    key: keyPem,
    cert: certificatePem,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['ferry/1'],
    rejectUnauthorized: false,
  });
  await withDeadline(once(socket, 'secureConnect'), CONNECT_MS, 'TLS with the node');
  return new RawWire(socket, 'dialler');
}

/** A session of a device that the node has just paired with; what it gets can be looked at byte by byte. */
export async function pairedWire(node: NodeProcess): Promise<{ wire: RawWire; identity: TestIdentity }> {
  const identity = await createIdentity();
  const wire = await dialWire(node, identity);
  await wire.hello();
  const { header } = await wire.ask(PATTERNS.pairClaim, await invitationClaim(node, identity));
  if (header.type !== FrameType.RESPONSE) throw new Error(`not paired: ${wire.story()}`);
  return { wire, identity };
}
