import { ProtocolError, parseAddress } from '@ferry/protocol';

const DEFAULT_PORT = 8000;
/** What can be a host without saying a port: an IP address, or a name with a dot. */
const HOST_ALONE = /^(\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)+)$/i;
const BARE_IPV6 = /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i;

/** What the user entered: an invitation, an address, or what is wrong with it in a sentence. */
export type PairingText = { readonly uri: string } | { readonly address: string } | { readonly problem: string };

/** Reads what was pasted or typed: mail programs and terminals break long lines and add spaces. */
export function readPairingText(text: string): PairingText {
  const clean = text.replace(/[\s\u200b\ufeff]+/g, '').replace(/^["'<]+|["'>]+$/g, '');
  if (clean === '') return { problem: 'Enter the invitation or the address that the other device shows.' };
  if (/^ferry:\/\/pair\?/i.test(clean)) return { uri: clean };
  if (/^ferry:/i.test(clean))
    return { problem: 'This is only a part of an invitation: copy the whole text that the other device shows.' };
  return readAddress(clean);
}

function readAddress(text: string): PairingText {
  const host = BARE_IPV6.test(text) ? `[${text}]` : text;
  const address = HOST_ALONE.test(host) ? `${host}:${DEFAULT_PORT}` : host;
  try {
    parseAddress(address);
    return { address };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return {
      problem: 'This is no invitation (ferry://pair?…) and no address (such as 192.168.1.44:8000).',
    };
  }
}
