import { loadConfig } from '../config/app-config';
import { describeListenError } from '../http/listen-error';
import { announceListening, onStopRequest } from '../lifecycle';
import { startWebServer, type WebServer } from './web-server';

/** The separate web server as a program. Its only words on a failed start are one line that says what to do. */
async function main(): Promise<void> {
  let server: WebServer | undefined;
  let isStopping = false;
  onStopRequest(async () => {
    isStopping = true;
    await server?.close();
  });
  const config = loadConfig(process.env);
  try {
    server = await startWebServer(config);
  } catch (error) {
    throw new Error(describeListenError(error, { port: config.webPort, setting: 'FERRY_WEB_PORT' }), { cause: error });
  }
  if (isStopping) await server.close();
  else announceListening({ web: server.port });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
