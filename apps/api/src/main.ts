import 'reflect-metadata';
import { ConfigError } from './config/env-reader';
import { announceListening, onStopRequest } from './lifecycle';
import { startNode, StartError, type RunningNode } from './start-node';

/** The program: configuration -> node -> graceful stop. Its only words on a failed start are one line that says what to do. */
async function main(): Promise<void> {
  let node: RunningNode | undefined;
  let isStopping = false;
  onStopRequest(async () => {
    isStopping = true;
    await node?.close();
  });
  node = await startNode(process.env);
  if (isStopping)
    await node.close(); // asked to stop while starting
  else announceListening({ http: node.ports.http, peer: node.ports.peer });
}

main().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
});
