/** The folder part of a path: `a/b` of `a/b/c.txt`, nothing at the root. */
export function parentFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
