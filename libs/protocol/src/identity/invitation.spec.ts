import fc from 'fast-check';
import { readVectors } from '../../testing/vectors';
import { ProtocolError } from '../errors';
import { formatInvitation, type Invitation, parseInvitation } from './invitation';

interface InvitationVectors {
  readonly valid: readonly {
    readonly name: string;
    readonly text: string;
    readonly invitation: Invitation;
    /** Whether formatting `invitation` gives `text` again. */
    readonly canonical: boolean;
  }[];
  readonly invalid: readonly { readonly name: string; readonly text: string; readonly code: string }[];
}

const { valid, invalid } = readVectors<InvitationVectors>('invitations.json');
const secret = valid[0]?.invitation.secret ?? '';

describe('invitation', () => {
  it.each(valid)('is read: $name', ({ text, invitation }) => expect(parseInvitation(text)).toEqual(invitation));

  it.each(valid.filter(({ canonical }) => canonical))('is written: $name', ({ text, invitation }) =>
    expect(formatInvitation(invitation)).toBe(text),
  );

  it.each(invalid)('is refused: $name', ({ text, code }) =>
    expect(() => parseInvitation(text)).toThrow(expect.objectContaining({ name: 'ProtocolError', code })),
  );

  it('never repeats its secret in an error', () => {
    for (const { text } of invalid) {
      try {
        parseInvitation(text);
      } catch (error) {
        expect(String(error)).not.toContain(secret.slice(0, 12));
      }
    }
  });

  it('survives any cut, or says what is wrong', () => {
    const text = valid[0]?.text ?? '';
    for (let length = 0; length < text.length; length++) {
      try {
        parseInvitation(text.slice(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }
  });

  it('survives line breaks anywhere', () => {
    const { text = '', invitation } = valid[0] ?? {};
    fc.assert(
      fc.property(fc.nat(text.length), fc.constantFrom('\n', '\r\n  ', ' '), (place, gap) =>
        expect(parseInvitation(text.slice(0, place) + gap + text.slice(place))).toEqual(invitation),
      ),
      { numRuns: 300 },
    );
  });

  it('keeps any name that can be shown', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const invitation = valid[0]?.invitation as Invitation;
        const read = parseInvitation(formatInvitation({ ...invitation, name }));
        expect(parseInvitation(formatInvitation(read))).toEqual(read);
      }),
      { numRuns: 300 },
    ));

  it('is not written when it could not be read', () => {
    const invitation = valid[0]?.invitation as Invitation;
    expect(() => formatInvitation({ ...invitation, addresses: [] })).toThrow(ProtocolError);
    expect(() => formatInvitation({ ...invitation, secret: 'short' })).toThrow(ProtocolError);
  });
});
