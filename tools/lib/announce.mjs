/** @param {{ api?: { url: string, peer: number }, web?: { url: string } }} running what listens where */
export function announce({ api, web }) {
  console.log('\nFerry is running. Ctrl-C stops it.');
  console.log(`  Web UI    ${(web ?? api).url}`);
  if (api) {
    console.log(`  API       ${api.url}/api/docs`);
    console.log(`  Peers     port ${api.peer}`);
  }
  console.log();
}
