import { formatBytes, type NodeStatus } from '@ferry/protocol';

/**
 * Why the node would refuse this file, in a sentence; null when it would not. Asked before sending, so that nobody
 * waits for an upload that must fail. The node checks again.
 */
export function uploadRefusal(
  file: { readonly name: string; readonly size: number },
  limits: NodeStatus['limits'],
): string | null {
  const { maxFileSize, allowedExtensions, blockedExtensions } = limits;
  if (maxFileSize > 0 && file.size > maxFileSize) {
    return `It has ${formatBytes(file.size)}; the limit is ${formatBytes(maxFileSize)}. The settings have the limit.`;
  }
  const extension = extensionOf(file.name);
  if (blockedExtensions.includes(extension))
    return `Files ending in .${extension} are blocked because they can run programs.`;
  if (allowedExtensions.includes('*') || allowedExtensions.includes(extension)) return null;
  const what = extension === '' ? 'Files without an extension' : `Files ending in .${extension}`;
  return `${what} are not allowed on this device. The settings have the list.`;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
