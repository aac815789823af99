import type { Problem, Settings } from '@ferry/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventsService } from '../events/events.service';
import { ask, json } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { SettingsService } from './settings.service';

describe('settings', () => {
  let base: string;
  let env: Record<string, string>;
  let node: ShareNode;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'ferry-settings-'));
    env = {
      FERRY_DATA_DIR: join(base, 'data'),
      FERRY_SHARED_DIR: join(base, 'shared'),
      FERRY_RECEIVED_DIR: join(base, 'received'),
      FERRY_MAX_FILE_SIZE: '1000',
    };
    node = await startShareNode(env);
  });
  afterEach(async () => {
    await node.close();
    await rm(base, { recursive: true, force: true });
  });

  const read = async () => JSON.parse((await ask(node.port, '/api/v1/settings')).text) as Settings;
  const change = async (patch: unknown) => {
    const { status, text } = await ask(node.port, '/api/v1/settings', json(patch, 'PATCH'));
    return { status, body: JSON.parse(text) as Settings & Problem };
  };
  const upload = async (name: string, bytes: number) =>
    (await ask(node.port, '/api/v1/files', form(filePart(name, 'x'.repeat(bytes))))).status;
  const restart = async () => {
    await node.close();
    node = await startShareNode(env);
  };

  it('are those of the environment until somebody changes them', async () => {
    expect(await read()).toMatchObject({
      maxFileSize: 1000,
      sharedDir: join(base, 'shared'),
      receivedDir: join(base, 'received'),
      trashRetentionDays: 30,
      onConflict: 'keep-both',
    });
  });

  it('are changed one by one, stored, and win over the environment after a restart', async () => {
    const { status, body } = await change({ maxFileSize: 5, allowedExtensions: ['.TXT', 'txt', 'pdf'] });
    expect([status, body.maxFileSize, body.allowedExtensions]).toEqual([200, 5, ['txt', 'pdf']]);
    await change({ trashRetentionDays: 0, onConflict: 'skip' });
    const changed = await read();
    expect(changed).toMatchObject({ maxFileSize: 5, trashRetentionDays: 0, onConflict: 'skip' });
    await restart();
    expect(await read()).toEqual(changed);
    expect((await change({ maxFileSize: null })).body.maxFileSize).toBe(1000);
  });

  it('hold for the next upload', async () => {
    expect(await upload('a.txt', 500)).toBe(201);
    await change({ maxFileSize: 100 });
    expect(await upload('b.txt', 500)).toBe(413);
    await change({ maxFileSize: 0, blockedExtensions: ['txt'] });
    expect(await upload('c.txt', 500)).toBe(415);
    await change({ blockedExtensions: [] });
    expect(await upload('d.txt', 500)).toBe(201);
  });

  it('are told to those who listen and to the UI, once for each change', async () => {
    const told: [number, number][] = [];
    const settings = node.app.get(SettingsService);
    const stop = settings.onChange((now, before) => told.push([now.maxFileSize, before.maxFileSize]));
    const { newest } = node.app.get(EventsService);
    await Promise.all([change({ maxFileSize: 7 }), change({ maxFileSize: 7 })]);
    stop();
    await change({ onConflict: 'replace' });
    expect(told).toEqual([[7, 1000]]);
    const published = [1, 2].map((at) => node.app.get(EventsService).at(newest + at)?.type);
    expect(published).toEqual(['settings.changed', 'settings.changed']);
  });

  it('stay as they are when something refuses one of them', async () => {
    const stop = node.app.get(SettingsService).applyBy(() => Promise.reject(new Error('no')));
    expect((await change({ maxFileSize: 3 })).status).toBe(500);
    stop();
    expect((await read()).maxFileSize).toBe(1000);
    expect((await change({ maxFileSize: 3 })).status).toBe(200);
  });

  it.each<[unknown, string[]]>([
    [{ maxFileSize: -1, trashRetentionDays: 1.5 }, ['/maxFileSize', '/trashRetentionDays']],
    [{ maxFileSize: '5' }, ['/maxFileSize']],
    [{ maxFileSize: 2 ** 60 }, ['/maxFileSize']],
    [{ allowedExtensions: [] }, ['/allowedExtensions']],
    [{ allowedExtensions: ['*', 'txt'] }, ['/allowedExtensions']],
    [{ allowedExtensions: 'txt' }, ['/allowedExtensions']],
    [{ blockedExtensions: ['*'] }, ['/blockedExtensions']],
    [{ blockedExtensions: ['../x', 'a b'] }, ['/blockedExtensions']],
    [{ blockedExtensions: [1] }, ['/blockedExtensions']],
    [{ sharedDir: 'relative' }, ['/sharedDir']],
    [{ sharedDir: '/a\0b', receivedDir: '' }, ['/sharedDir', '/receivedDir']],
    [{ sharedDir: ['/a'] }, ['/sharedDir']],
    [{ trashRetentionDays: 36_501 }, ['/trashRetentionDays']],
    [{ onConflict: 'overwrite' }, ['/onConflict']],
    [{ deviceName: 'x' }, ['/deviceName']],
  ])('%j is refused, and every bad field named', async (patch, pointers) => {
    const before = await read();
    const { status, body } = await change(patch);
    expect([status, body.code]).toEqual([400, 'validation']);
    expect(body.errors?.map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
    expect(await read()).toEqual(before);
  });
});
