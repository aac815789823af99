import { readProblem } from './read-problem';

const problem = (over: object): object => ({
  type: '/problems/peer-offline',
  title: 'Peer offline',
  status: 503,
  detail: 'Maple is offline',
  code: 'peer-offline',
  ...over,
});

describe('readProblem', () => {
  it('takes code and sentence from the problem', () => {
    expect(readProblem(503, problem({}))).toMatchObject({ code: 'peer-offline', message: 'Maple is offline.' });
  });

  it('reads a problem that came as text', () => {
    expect(readProblem(503, JSON.stringify(problem({})))).toMatchObject({ code: 'peer-offline' });
  });

  it('says what was wrong in each field', () => {
    const errors = [
      { pointer: '/address', code: 'format', detail: 'The address has no port' },
      { pointer: '/name', code: 'length', detail: 'The name is too long.' },
    ];
    expect(readProblem(400, problem({ code: 'validation', errors })).message).toBe(
      'The address has no port. The name is too long.',
    );
  });

  it('says once what the field and the whole have in common', () => {
    const errors = [
      { pointer: '/sharedDir', code: 'folder-unusable', detail: 'It is a file.' },
      { pointer: '/receivedDir', code: 'folder-unusable', detail: 'It is full.' },
    ];
    const body = problem({ code: 'folder-unusable', detail: 'It is a file', errors });
    expect(readProblem(409, body).message).toBe('It is a file. It is full.');
  });

  it.each([0, 502, 504])('names the node as not answering at status %d without a problem', (status) => {
    expect(readProblem(status, '<html>')).toMatchObject({ code: 'unreachable' });
  });

  it('gives the status when the answer says nothing', () => {
    expect(readProblem(500, null).message).toContain('HTTP 500');
  });
});
