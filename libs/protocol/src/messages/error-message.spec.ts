import { ProtocolError } from '../errors';
import { errorFromMessage, errorMessageOf, parseErrorMessage } from './error-message';

describe('ERROR message', () => {
  it('carries an error to the other side', () => {
    const sent = errorMessageOf(new ProtocolError('UNKNOWN_FILE', 'no such file'));
    expect(sent).toEqual({ code: 8, name: 'UNKNOWN_FILE', message: 'no such file' });
    expect(errorFromMessage(parseErrorMessage(sent))).toMatchObject({
      code: 'UNKNOWN_FILE',
      message: 'no such file',
    });
  });

  it('keeps the cause at home', () => {
    const error = new ProtocolError('INTERNAL', 'failed', { cause: new Error('/home/ada/secret') });
    expect(JSON.stringify(errorMessageOf(error))).not.toContain('ada');
  });

  it('cuts and cleans an over-long text before it is sent', () => {
    const { message } = errorMessageOf(new ProtocolError('INTERNAL', `\u001b[31m${'x'.repeat(60_000)}`));
    expect(message).toBe(`[31m${'x'.repeat(252)}`);
  });

  it('reads a code of a later version as INTERNAL', () =>
    expect(errorFromMessage({ code: 999, name: 'LATER', message: '' }).code).toBe('INTERNAL'));
});
