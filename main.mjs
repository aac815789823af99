// node main.mjs: everything in one process. Works on a fresh clone and with the machine's own Node (20 and up): what is missing is
// installed and built first, and an old Node hands over to the one that npm installed for this project.
import { ensureInstalled } from './tools/lib/install.mjs';
import { isNewEnough } from './tools/lib/pinned-node.mjs';
import { runTool } from './tools/lib/run-tool.mjs';

await runTool(async () => {
  await ensureInstalled();
  const { ensureBuilt } = await import('./tools/lib/build.mjs');
  await ensureBuilt();
  const mode = isNewEnough(process.versions.node) ? 'in-process' : 'hand-over';
  const { start } = await import(`./tools/lib/${mode}.mjs`);
  await start();
});
