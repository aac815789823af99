import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../lib/ports.mjs';
import { findProgram, startServer } from './background.mjs';
import { timeCommand } from './time-command.mjs';

const CIPHER = 'aes128-gcm@openssh.com';

async function createKey(keygen, file) {
  await timeCommand(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return file;
}

/** scp from an sshd of our own on loopback. */
export const scp = {
  name: `scp (${CIPHER})`,
  needs: ['sshd', 'scp', 'ssh-keygen'],

  /** @returns {Promise<{ stop: () => void, fetch: (file: string, target: string) => Promise<number> }>} */
  async start(dir) {
    mkdirSync(dir, { recursive: true });
    const [sshd, client, keygen] = this.needs.map(findProgram);
    const hostKey = await createKey(keygen, join(dir, 'host-key'));
    const userKey = await createKey(keygen, join(dir, 'user-key'));
    writeFileSync(join(dir, 'authorized_keys'), readFileSync(`${userKey}.pub`), { mode: 0o600 });
    const port = await freePort();
    const config = join(dir, 'sshd_config');
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
      `PidFile ${join(dir, 'sshd.pid')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'StrictModes no',
      'UsePAM no',
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true }); // sshd's own empty folder; as root it insists
    const stop = await startServer(sshd, ['-D', '-e', '-f', config], port);
    const options = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    const fixed = [
      '-q',
      '-c',
      CIPHER,
      '-P',
      String(port),
      '-i',
      userKey,
      ...options.flatMap((option) => ['-o', option]),
    ];
    const source = `${userInfo().username}@127.0.0.1`;
    return { stop, fetch: (file, target) => timeCommand(client, [...fixed, `${source}:${file}`, target]) };
  },
};
