const AIRPLAY_PORT = 5000;

interface ListenTarget {
  readonly port: number;
  /** The environment variable that changes the port. */
  readonly setting: string;
}

/** One line for the user on why a port could not be opened, and what to do. */
export function describeListenError(
  error: unknown,
  { port, setting }: ListenTarget,
  platform: NodeJS.Platform = process.platform,
): string {
  const code = systemCodeOf(error);
  if (code === 'EADDRINUSE') {
    const airplay =
      platform === 'darwin' && port === AIRPLAY_PORT
        ? ' On macOS the AirPlay Receiver uses it: turn that off in System Settings > General > AirDrop & Handoff.'
        : '';
    return `Port ${port} is already in use. Stop the other program or set ${setting} to another port.${airplay}`;
  }
  if (code === 'EACCES') {
    return `Port ${port} may not be opened by this user. Set ${setting} to a port above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL') {
    return `Port ${port} cannot be opened: the address set in ${setting.replace('_PORT', '_HOST')} does not belong to this machine.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `Port ${port} (${setting}) cannot be opened: ${reason}`;
}

/** Also of errors of another realm, for which `instanceof Error` is false. */
export function systemCodeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
