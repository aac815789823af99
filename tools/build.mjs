// npm run build: node, web server and web UI into dist/, when their sources changed.
import { ensureBuilt } from './lib/build.mjs';
import { runTool } from './lib/run-tool.mjs';

await runTool(ensureBuilt);
