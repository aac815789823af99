import { isShell, parentOf } from './process-info.mjs';

const POLL_MS = 500;

/** npm, or npm and the shell it put between: npm passes a SIGTERM to that shell only, and a SIGKILL to nobody. */
function npmAncestors() {
  const parent = process.ppid;
  const grandparent = isShell(parent) ? parentOf(parent) : undefined;
  return { parent, grandparent };
}

function watchNpm(onGone) {
  if (!process.env['npm_lifecycle_event'] || process.platform === 'win32') return;
  const { parent, grandparent } = npmAncestors();
  const isGone = () => process.ppid !== parent || (grandparent !== undefined && parentOf(parent) !== grandparent);
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

/**
 * @param {() => void} stop called once, on SIGINT, SIGTERM, SIGHUP, or when the npm that started us is gone
 * @param {() => void} force called on every further signal
 */
export function onStopRequest(stop, force) {
  let requested = false;
  const request = () => {
    if (requested) return false;
    requested = true;
    stop();
    return true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!request()) force();
    });
  }
  watchNpm(request);
}
