import { PeerError, type PeerErrorCode } from '../transport/peer-error';
import { explainFailures } from './dial-failures';

const failure = (address: string, code: PeerErrorCode) => ({ address, error: new PeerError(code, `at ${address}`) });

describe('explainFailures', () => {
  it('is the error of the only address', () =>
    expect(explainFailures([failure('a:1', 'TIMEOUT')])).toMatchObject({ code: 'TIMEOUT', message: 'at a:1' }));

  it('names all addresses when none could be reached', () =>
    expect(explainFailures([failure('a:1', 'TIMEOUT'), failure('b:2', 'UNREACHABLE')])).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('a:1, b:2'),
    }));

  it('says unreachable when another device answered at one of several addresses', () =>
    expect(explainFailures([failure('a:1', 'TIMEOUT'), failure('b:2', 'IDENTITY_MISMATCH')])).toMatchObject({
      code: 'UNREACHABLE',
    }));

  it('says who answered when that is so at every address', () =>
    expect(explainFailures([failure('a:1', 'IDENTITY_MISMATCH'), failure('b:2', 'IDENTITY_MISMATCH')])).toMatchObject({
      code: 'IDENTITY_MISMATCH',
    }));

  it('prefers a version that does not fit to all else', () =>
    expect(explainFailures([failure('a:1', 'TIMEOUT'), failure('b:2', 'VERSION')])).toMatchObject({ code: 'VERSION' }));

  it('is offline without addresses', () => expect(explainFailures([])).toMatchObject({ code: 'OFFLINE' }));
});
