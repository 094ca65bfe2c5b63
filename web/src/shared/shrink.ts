import { exifOf, factsOf, headOf, typeOf, upright, withExif } from './exif'

/** What the server takes of one file; the same numbers as there. */
export const MAX_BYTES = 15 * 1024 * 1024
export const MAX_PIXELS = 50_000_000
/** A photo beyond either goes up smaller. */
export const BIG_BYTES = 2 * 1024 * 1024
export const LONG_SIDE = 2560
const QUALITY = 0.85

/** What became of a photo. kept is there when it was made smaller or converted, and says what it took along. */
export type Shrunk = { file: File; kept?: { from: number; to: number; time: boolean; place: boolean } }
/** Why a photo cannot go up; the page has the sentence. */
export class CannotShrink extends Error {
  readonly why: 'heic' | 'pixels' | 'broken'
  constructor(why: CannotShrink['why']) {
    super(why)
    this.why = why
  }
}

/** From how many bytes or pixels of the longer side on a photo is made smaller. */
export type Most = { bytes: number; side: number }
const DESK: Most = { bytes: BIG_BYTES, side: LONG_SIDE }

/** The size to draw at: upright, the longer side at most so long. */
export function target(width: number, height: number, orientation: number, side = LONG_SIDE): { width: number; height: number } {
  if (orientation >= 5) [width, height] = [height, width]
  const part = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * part)), height: Math.max(1, Math.round(height * part)) }
}

type Picture = ImageBitmap | HTMLImageElement
const sizeOf = (p: Picture) => (p instanceof HTMLImageElement ? { width: p.naturalWidth, height: p.naturalHeight } : { width: p.width, height: p.height })

/** An <img> also opens half a photo and leaves the rest grey: only for what no bitmap is made of. */
async function asImage(file: Blob): Promise<HTMLImageElement> {
  const img = new Image()
  const address = URL.createObjectURL(file)
  img.src = address
  try {
    await img.decode()
    return img
  } finally {
    URL.revokeObjectURL(address)
  }
}
/** The upright picture. size lets the browser make it smaller while it decodes; null where it is not known. */
async function decode(file: Blob, size: { width: number; height: number } | null): Promise<Picture> {
  if (typeof createImageBitmap !== 'function') return asImage(file)
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, {
      imageOrientation: 'from-image',
      ...(size ? { resizeWidth: size.width, resizeHeight: size.height, resizeQuality: 'high' } : {}),
    })
  } catch (e) {
    if (!size || e instanceof TypeError) return asImage(file) // a HEIC some browsers open only there; options an old one does not know
    throw e
  }
  // An old browser does not turn bitmaps.
  if (!size || picture.width > picture.height === size.width > size.height) return picture
  picture.close()
  return asImage(file)
}

async function encode(picture: Picture, size: { width: number; height: number }): Promise<Blob> {
  const paint = (c: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => {
    c.fillStyle = '#fff' // a JPEG has no transparency
    c.fillRect(0, 0, size.width, size.height)
    c.imageSmoothingQuality = 'high'
    c.drawImage(picture, 0, 0, size.width, size.height)
  }
  if (typeof OffscreenCanvas === 'function') {
    const canvas = new OffscreenCanvas(size.width, size.height)
    const c = canvas.getContext('2d')
    if (c) {
      paint(c)
      return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
    }
  }
  const canvas = document.createElement('canvas')
  canvas.width = size.width
  canvas.height = size.height
  const c = canvas.getContext('2d')
  if (!c) throw new Error('no canvas')
  paint(c)
  return new Promise((ok, bad) => canvas.toBlob(b => (b ? ok(b) : bad(new Error('no blob'))), 'image/jpeg', QUALITY))
}

const jpgName = (name: string) => `${name.replace(/\.[^.]*$/, '')}.jpg`

let line: Promise<unknown> = Promise.resolve()
/**
 * A photo as it should go up: small ones as they are, large ones at most LONG_SIDE with time and place carried over.
 * One at a time, because a decoded photo takes many times its size in memory. onStep tells how far it is, 0 to 1.
 *
 * Throws CannotShrink for what neither can be made smaller nor go up as it is.
 */
export function shrink(file: File, onStep: (part: number) => void = () => {}, most = DESK): Promise<Shrunk> {
  const run = line.then(() => shrinkNow(file, onStep, most))
  line = run.catch(() => {})
  return run
}

async function shrinkNow(file: File, onStep: (part: number) => void, most: Most): Promise<Shrunk> {
  let start = new Uint8Array(await file.slice(0, 512 * 1024).arrayBuffer())
  const type = typeOf(start)
  if (!type) throw new CannotShrink('broken')
  let head = headOf(start)
  if (!head && file.size > start.length) {
    start = new Uint8Array(await file.arrayBuffer()) // long segments stand before its size
    head = headOf(start)
  }
  if (!head || (type !== 'heic' && !(head.width && head.height))) throw new CannotShrink('broken')
  const heic = type === 'heic'
  const long = Math.max(head.width, head.height)
  if (!heic && file.size <= most.bytes && long <= most.side) return { file }
  onStep(0.1)
  // In a JPEG the facts stand before the pixels; in the others they may stand at the end.
  const tiff = exifOf(type === 'jpeg' || file.size === start.length ? start : new Uint8Array(await file.arrayBuffer()))
  const facts = factsOf(tiff)
  const fits = !heic && file.size <= MAX_BYTES && head.width * head.height <= MAX_PIXELS
  onStep(0.2)
  let made: Blob
  try {
    const wanted = heic ? null : target(head.width, head.height, facts.orientation, most.side)
    const picture = await decode(file, wanted)
    onStep(0.6)
    const own = sizeOf(picture)
    const size = wanted ?? target(own.width, own.height, 1, most.side)
    made = await encode(picture, size)
    if ('close' in picture) picture.close()
    onStep(0.9)
  } catch {
    if (fits) return { file } // what this device cannot open the server judges
    throw new CannotShrink(heic ? 'heic' : head.width * head.height > MAX_PIXELS ? 'pixels' : 'broken')
  }
  const block = tiff && upright(tiff)
  if (tiff && !block && (facts.time || facts.place) && fits) return { file } // the facts would be lost: rather the larger file
  const bytes = block ? withExif(new Uint8Array(await made.arrayBuffer()), block) : made
  const out = new File([bytes], jpgName(file.name), { type: 'image/jpeg', lastModified: file.lastModified })
  if (out.size >= file.size && fits) return { file }
  return { file: out, kept: { from: file.size, to: out.size, time: !!block && facts.time, place: !!block && facts.place } }
}
