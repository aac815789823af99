export type PreviewKind = 'image' | 'video' | 'audio';

const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff'];

/** How a file may be shown here. The node looks at the bytes and has the last word. */
export function previewKind(mediaType: string): PreviewKind | undefined {
  if (IMAGES.includes(mediaType)) return 'image';
  if (['video/mp4', 'video/webm', 'video/ogg'].includes(mediaType)) return 'video';
  if (['audio/mpeg', 'audio/ogg', 'audio/webm', 'audio/mp4'].includes(mediaType)) return 'audio';
  return undefined;
}
