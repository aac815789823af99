// npm run demo: two paired nodes on this machine with files to share. Ctrl-C stops both and deletes what they had.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { foldersIn, startLoopbackNode } from './lib/loopback-node.mjs';
import { pair } from './lib/node-api.mjs';
import { freePort } from './lib/ports.mjs';
import { runTool } from './lib/run-tool.mjs';
import { writeSampleFiles } from './lib/sample-files.mjs';
import { Supervisor } from './lib/supervisor.mjs';

const NAMES = ['Anna', 'Ben'];
const USUAL_PORTS = [5101, 5102];

function announce([first, second]) {
  console.log(`
Two paired nodes are running. Ctrl-C stops both and deletes their files.
  ${NAMES[0]}   ${first.api.url}
  ${NAMES[1]}    ${second.api.url}

Try this:
  1. Open both pages. On each, "Peers" shows the other as online.
  2. On ${NAMES[1]}'s page open Peers, ${NAMES[0]}, and get "Dawn.png".
  3. Watch it under Transfers; find it under Files, Received.
  4. Drop a file of your own on ${NAMES[0]}'s page: ${NAMES[1]} can get it at once.
`);
}

await runTool(async () => {
  await ensureBuilt();
  const dir = mkdtempSync(join(tmpdir(), 'ferry-demo-'));
  const supervisor = new Supervisor();
  supervisor.afterwards(() => rmSync(dir, { recursive: true, force: true }));
  const folders = NAMES.map((name) => foldersIn(join(dir, name)));
  writeSampleFiles(folders[0].shared, folders[1].shared);
  const nodes = [];
  for (const [i, name] of NAMES.entries()) {
    const httpPort = await freePort(USUAL_PORTS[i]);
    const node = await startLoopbackNode(supervisor, { name, folders: folders[i], httpPort });
    if (!node) return;
    nodes.push(node);
  }
  try {
    await pair(nodes[0].api, nodes[1].api);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  announce(nodes);
});
