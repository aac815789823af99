import { FileStoreError, asStoreError } from './file-store-error';

describe('asStoreError', () => {
  it.each(['ENOSPC', 'EDQUOT'])('takes %s for a full disk', (code) => {
    const cause = Object.assign(new Error('no'), { code });
    expect(asStoreError(cause, 'writing')).toMatchObject({ code: 'NO_SPACE', cause });
  });

  it('takes a database that finds no room for a full disk', () =>
    expect(asStoreError(Object.assign(new Error('full'), { errcode: 13 }), 'writing')).toMatchObject({
      code: 'NO_SPACE',
    }));

  it('tells what the system said of anything else', () =>
    expect(asStoreError(Object.assign(new Error('no'), { code: 'EROFS' }), 'writing')).toMatchObject({
      code: 'IO',
      message: 'EROFS while writing',
    }));

  it.each([new FileStoreError('CHANGED', 'x'), Object.assign(new Error('x'), { name: 'AbortError' })])(
    'leaves %s as it is',
    (error) => expect(asStoreError(error, 'writing')).toBe(error),
  );
});
