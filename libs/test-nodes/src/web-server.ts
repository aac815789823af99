import type { NodeProcess } from './node-process';
import { Program } from './program';
import { WEB_SERVER_SCRIPT } from './workspace';

/** Starts the separate web server of `node` and resolves when it listens on `node.ports.web`. */
export async function startWebServer(node: NodeProcess): Promise<Program> {
  const program = Program.spawn(`${node.name} web server`, WEB_SERVER_SCRIPT, node.env);
  await program.listening();
  return program;
}
