import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';
import send from 'send';

/** Names that change with their content, as the Angular build makes them: `main-Y6T7MOSB.js`, `chunk-2o_Bbya8.js`. */
const HASHED_NAME = /-(?=[^.]*[A-Z0-9_])[\w-]{8}\.(js|css|woff2?)$/;
const ONE_YEAR = 'public, max-age=31536000, immutable';

/** Where the build puts the UI, seen from the built program. */
export function builtWebDir(): string {
  return join(__dirname, '../web/browser');
}

/**
 * Serves the built UI. Any other path of the UI answers with index.html, so that a reload of `/transfers` works; a
 * missing file with an extension is left to the next handler, because HTML in place of a script helps nobody.
 */
export function staticWeb(webDir: string): RequestHandler {
  const files = express.static(webDir, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (response, path) => setCaching(response, path),
  });
  return (request, response, next) => {
    if (!isRead(request.method) || isNodePath(request.path)) return next();
    if (isPagePath(request.path)) return sendIndex(webDir, request, response, next);
    files(request, response, next);
  };
}

const sendIndex = (webDir: string, ...[request, response, next]: Parameters<RequestHandler>): void => {
  stat(join(webDir, 'index.html')).then(
    () => {
      response.set('Cache-Control', 'no-cache');
      send(request, 'index.html', { root: webDir, cacheControl: false }).on('error', next).pipe(response);
    },
    () => next(),
  );
};

/** Paths that belong to the API and never to the UI. */
export function isNodePath(path: string): boolean {
  return /^\/(api|health|metrics)(\/|$)/i.test(path);
}

/** Pages have plain names; whatever has a dot, or hides one, is a file. */
function isPagePath(path: string): boolean {
  return path === '/index.html' || !/[.%\\]/.test(path);
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function setCaching(response: Response, path: string): void {
  response.set('Cache-Control', HASHED_NAME.test(path) ? ONE_YEAR : 'no-cache');
}
