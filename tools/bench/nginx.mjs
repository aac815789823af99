import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { freePort } from '../lib/ports.mjs';
import { findProgram, startServer } from './background.mjs';
import { timeCommand } from './time-command.mjs';

const configFor = (dir, shared, port) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${dir}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  sendfile on;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${dir}/certificate.pem;
    ssl_certificate_key ${dir}/key.pem;
    ssl_protocols TLSv1.3;
    root ${shared};
  }
}
`;

/** curl over TLS from an nginx of our own on loopback. It checks no content. */
export const curlFromNginx = {
  name: 'curl from nginx (TLS 1.3)',
  needs: ['nginx', 'curl', 'openssl'],

  /** @returns {Promise<{ stop: () => void, fetch: (file: string, target: string) => Promise<number> }>} */
  async start(dir, shared) {
    mkdirSync(dir, { recursive: true });
    const [nginx, curl, openssl] = this.needs.map(findProgram);
    const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'certificate.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-batch'];
    await timeCommand(openssl, ['req', '-x509', ...kind, '-subj', '/CN=localhost', '-days', '2', ...files]);
    const port = await freePort();
    const config = join(dir, 'nginx.conf');
    writeFileSync(config, configFor(dir, shared, port));
    const stop = await startServer(nginx, ['-p', dir, '-e', 'stderr', '-c', config], port);
    const fetch = (file, target) =>
      timeCommand(curl, ['-sSfk', '-o', target, `https://127.0.0.1:${port}/${basename(file)}`]);
    return { stop, fetch };
  },
};
