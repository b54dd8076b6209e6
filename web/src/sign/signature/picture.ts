export const PICTURE_BYTES_MAX = 5 * 1024 * 1024;
/** Wider than any signature box is printed; more would only make the request slow. */
const WIDTH_MAX = 1000;
const HEIGHT_MAX = 500;

export type PictureFault = 'badType' | 'tooLarge' | 'unreadable';

export class PictureError extends Error {
  readonly fault: PictureFault;
  constructor(fault: PictureFault) {
    super(fault);
    this.name = 'PictureError';
    this.fault = fault;
  }
}

const PNG = [0x89, 0x50, 0x4e, 0x47];
const JPEG = [0xff, 0xd8, 0xff];

/** Told by the first bytes; the name and the browser's guess do not count. */
export function pictureTypeOf(bytes: Uint8Array): 'image/png' | 'image/jpeg' | null {
  const starts = (magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte);
  if (starts(PNG)) return 'image/png';
  return starts(JPEG) ? 'image/jpeg' : null;
}

/**
 * Makes paper transparent and leaves the ink, by how dark each point is against the paper around it. Works in place on
 * RGBA pixels.
 */
export function clearPaper(pixels: Uint8ClampedArray): void {
  const paper = paperLevel(pixels);
  for (let at = 0; at < pixels.length; at += 4) {
    const shade = luminance(pixels, at);
    const ink = Math.min(1, Math.max(0, (paper * 0.9 - shade) / (paper * 0.45)));
    pixels[at + 3] = (pixels[at + 3] ?? 255) * ink;
  }
}

function luminance(pixels: Uint8ClampedArray, at: number): number {
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}

/** Most of the picture is paper: its brightness is that of the upper quarter of all points. */
function paperLevel(pixels: Uint8ClampedArray): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < pixels.length; at += 4) {
    const level = Math.round(luminance(pixels, at));
    counts[level] = (counts[level] ?? 0) + 1;
  }
  let seen = 0;
  for (let level = 255; level > 0; level -= 1) {
    seen += counts[level] ?? 0;
    if (seen > pixels.length / 4 / 4) return level;
  }
  return 255;
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(new PictureError('unreadable'));
    };
    reader.readAsDataURL(blob);
  });
}

function shrunk(bitmap: ImageBitmap): { width: number; height: number } {
  const scale = Math.min(1, WIDTH_MAX / bitmap.width, HEIGHT_MAX / bitmap.height);
  return { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) };
}

/** Draws the picture anew: smaller, upright, without the camera's notes (place, time, device) inside. */
async function redrawn(file: File, clean: boolean): Promise<Blob> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new PictureError('unreadable');
  });
  const { width, height } = shrunk(bitmap);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new PictureError('unreadable');
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  if (clean) {
    const image = pen.getImageData(0, 0, width, height);
    clearPaper(image.data);
    pen.putImageData(image, 0, 0);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new PictureError('unreadable'));
    }, 'image/png');
  });
}

/** A chosen file as the data URL the server takes. */
export async function pictureFrom(file: File, clean: boolean): Promise<string> {
  if (file.size > PICTURE_BYTES_MAX) throw new PictureError('tooLarge');
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (!pictureTypeOf(head)) throw new PictureError('badType');
  return dataUrl(await redrawn(file, clean));
}
