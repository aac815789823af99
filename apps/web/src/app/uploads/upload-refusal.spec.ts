import { uploadRefusal } from './upload-refusal';

const limits = { maxFileSize: 1024, allowedExtensions: ['txt'], blockedExtensions: ['exe'] };

describe('uploadRefusal', () => {
  it('lets through what is allowed', () => {
    expect(uploadRefusal({ name: 'a.TXT', size: 1024 }, limits)).toBeNull();
  });

  it('names size and limit of a file that is too large', () => {
    expect(uploadRefusal({ name: 'a.txt', size: 2048 }, limits)).toContain('2 KiB; the limit is 1 KiB');
  });

  it('names the extension that is not allowed', () => {
    expect(uploadRefusal({ name: 'a.iso', size: 1 }, limits)).toContain('.iso');
    expect(uploadRefusal({ name: 'README', size: 1 }, limits)).toContain('without an extension');
  });

  it('refuses blocked extensions even when all are allowed', () => {
    expect(uploadRefusal({ name: 'a.exe', size: 1 }, { ...limits, allowedExtensions: ['*'] })).toContain('.exe');
    expect(uploadRefusal({ name: 'a.iso', size: 1 }, { ...limits, allowedExtensions: ['*'] })).toBeNull();
  });

  it('takes zero as no limit', () => {
    expect(uploadRefusal({ name: 'a.txt', size: 1e12 }, { ...limits, maxFileSize: 0 })).toBeNull();
  });
});
