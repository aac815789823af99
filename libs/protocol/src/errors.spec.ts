import { codeFromWire, ProtocolError, type ProtocolErrorCode, WIRE_CODES } from './errors';

describe('ProtocolError', () => {
  // Written out once more: a renumbered code must break a test, since older peers keep the old number.
  it('keeps its wire numbers', () =>
    expect(WIRE_CODES).toEqual({
      UNSUPPORTED_VERSION: 1,
      FRAME_TOO_LARGE: 2,
      MALFORMED_FRAME: 3,
      MALFORMED_MESSAGE: 4,
      UNEXPECTED_MESSAGE: 5,
      UNKNOWN_PATTERN: 6,
      NOT_PAIRED: 7,
      UNKNOWN_FILE: 8,
      FILE_CHANGED: 9,
      INVALID_RANGE: 10,
      CANCELLED: 11,
      TOO_MANY_REQUESTS: 12,
      PAIRING_REJECTED: 13,
      PAIRING_EXPIRED: 14,
      BUSY: 15,
      TIMEOUT: 16,
      INTERNAL: 17,
      FILE_NOT_READY: 18,
      PAIRING_CLOSED: 19,
      OFFER_REFUSED: 20,
      UNKNOWN_OFFER: 21,
    }));

  it.each(Object.entries(WIRE_CODES))('maps %s to %i and back', (code, wire) => {
    expect(new ProtocolError(code as ProtocolErrorCode, '').wireCode).toBe(wire);
    expect(codeFromWire(wire)).toBe(code);
  });

  it.each([0, 999, 65_535, -1, 1.5])('reads the unknown number %d as INTERNAL', (wire) =>
    expect(codeFromWire(wire)).toBe('INTERNAL'),
  );

  it('keeps its cause', () => {
    const cause = new Error('cause');
    expect(new ProtocolError('INTERNAL', 'x', { cause }).cause).toBe(cause);
  });
});
