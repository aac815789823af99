import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { PeersRepository } from './peers.repository';

describe('PeersRepository', () => {
  let folder: string;
  let database: Database;
  let repository: PeersRepository;
  const open = () => {
    database = Database.open(join(folder, 'ferry.sqlite'));
    repository = new PeersRepository(database);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-peers-'));
    open();
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('still trusts after the database was opened again', () => {
    repository.saveTrusted('A', 'Laptop');
    database.close();
    open();
    expect(repository.isPaired('A')).toBe(true);
    expect(repository.wantedIds()).toEqual(['A']);
  });

  it('keeps what a device may do, and the defaults of a new one', () => {
    repository.saveTrusted('A', 'Laptop');
    expect(repository.permissions('A')).toEqual({
      seeMyFiles: true,
      sendToMe: true,
      autoAcceptBytes: 0,
      blocked: false,
    });
    const permissions = { seeMyFiles: false, sendToMe: false, autoAcceptBytes: Number.MAX_SAFE_INTEGER, blocked: true };
    repository.setPermissions('A', permissions);
    expect(repository.find('A')?.permissions).toEqual(permissions);
    expect([repository.isBlocked('A'), repository.isBlocked('B')]).toEqual([true, false]);
    expect(repository.wantedIds()).toEqual([]);
    expect(repository.permissions('B')).toBeUndefined();
  });

  it('does not trust a device that was only added', () => {
    repository.save('A', 'Laptop');
    expect(repository.find('A')).toMatchObject({ id: 'A', name: 'Laptop', isPaired: false, addresses: [] });
    expect(repository.isPaired('A')).toBe(false);
    expect(repository.countPaired()).toBe(0);
  });

  it('keeps trust and the name of the user when the device renames itself', () => {
    repository.saveTrusted('A', 'Laptop');
    repository.setAlias('A', 'Work');
    repository.save('A', 'New name');
    expect(repository.find('A')).toMatchObject({ name: 'Work', isPaired: true });
  });

  it('forgets a device with its trust and addresses', () => {
    repository.saveTrusted('A', 'Laptop');
    repository.addAddress('A', '10.0.0.1:8000');
    repository.remove('A');
    expect(repository.find('A')).toBeUndefined();
    repository.save('A', 'Laptop');
    expect(repository.find('A')).toMatchObject({ isPaired: false, addresses: [] });
  });

  it('lists the address that worked last first, then new ones', () => {
    repository.save('A', 'Laptop');
    repository.markGood('A', 'old:1', new Date(1000));
    repository.markGood('A', 'good:1', new Date(2000));
    expect(repository.addAddress('A', 'new:1')).toBe(true);
    expect(repository.addAddress('A', 'new:1')).toBe(false);
    expect(repository.addresses('A')).toEqual(['good:1', 'old:1', 'new:1']);
    repository.markGood('A', 'new:1', new Date(3000));
    expect(repository.addresses('A')).toEqual(['new:1', 'good:1', 'old:1']);
  });

  it('keeps at most sixteen addresses, and the good one among them', () => {
    repository.save('A', 'Laptop');
    repository.markGood('A', 'good:1', new Date());
    for (let port = 1; port <= 100; port += 1) repository.addAddress('A', `10.0.0.1:${port}`);
    expect(repository.addresses('A')).toHaveLength(16);
    expect(repository.addresses('A')[0]).toBe('good:1');
    expect(repository.addresses('A')[1]).toBe('10.0.0.1:100');
  });

  it('tells whether an error is news', () => {
    repository.save('A', 'Laptop');
    expect(repository.setLastError('A', 'gone')).toBe(true);
    expect(repository.setLastError('A', 'gone')).toBe(false);
    expect(repository.setLastError('A', null)).toBe(true);
  });

  describe('list', () => {
    const NAMES = ['anna', 'Älg', 'Bert', 'bert', 'Zoe'];
    beforeEach(() => NAMES.forEach((name, index) => repository.save(`id${index}`, name)));

    const namesOf = (query: Parameters<PeersRepository['list']>[0]) => {
      const names: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = repository.list({ ...query, ...(cursor !== undefined && { cursor }) });
        names.push(...page.items.map(({ name }) => name));
        if (page.nextCursor === null) return names;
        cursor = page.nextCursor;
      }
    };

    it.each([1, 2, 5, 100])('gives every peer once in pages of %d', (limit) =>
      expect(namesOf({ limit })).toEqual(['anna', 'Bert', 'bert', 'Zoe', 'Älg']),
    );

    it('can be turned round', () =>
      expect(namesOf({ limit: 2, sort: '-name' })).toEqual(['Älg', 'Zoe', 'bert', 'Bert', 'anna']));

    it('finds parts of names in any case', () => {
      expect(namesOf({ q: 'BER', limit: 1 })).toEqual(['Bert', 'bert']);
      expect(namesOf({ q: 'äL' })).toEqual(['Älg']);
      expect(repository.list({ q: '%' }).total).toBe(0);
    });

    it('counts what the filter leaves', () => expect(repository.list({ q: 'bert', limit: 1 }).total).toBe(2));

    it.each(['', 'x', '{}', 'WzFd', Buffer.from('["a"]').toString('base64url')])('refuses the cursor %j', (cursor) =>
      expect(() => repository.list({ cursor })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' })),
    );
  });
});
