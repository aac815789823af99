import { cleanInvitation, invitationProblem } from './invitation-text';

describe('cleanInvitation', () => {
  it('takes out line breaks, spaces and quotes around it', () => {
    expect(cleanInvitation(' "ferry://pair?id=AB\r\n  CD&secret=x" \n')).toBe('ferry://pair?id=ABCD&secret=x');
  });
});

describe('invitationProblem', () => {
  it('lets the node judge what looks like an invitation', () => {
    expect(invitationProblem('ferry://pair?id=A')).toBeNull();
  });

  it.each([
    ['', 'Paste the invitation'],
    ['192.168.1.4:8000', 'This is an address'],
    ['[fe80::1]:8000', 'This is an address'],
    ['https://example.org', 'This is no invitation'],
  ])('says what is wrong with %p', (text, start) => expect(invitationProblem(text)).toContain(start));
});
