/**
 * EXIF of a photo, read and carried on. Everything here works on bytes and answers null for what is not there or is
 * broken: a photo without facts is as good as any other.
 */
export type Head = { type: 'jpeg' | 'png' | 'webp' | 'heic'; width: number; height: number }
export type Facts = { orientation: number; time: boolean; place: boolean }

const ascii = (b: Uint8Array, at: number, text: string) => {
  if (at < 0 || at + text.length > b.length) return false
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text.charCodeAt(i)) return false
  return true
}
const be16 = (b: Uint8Array, i: number) => (b[i]! << 8) | b[i + 1]!
const be32 = (b: Uint8Array, i: number) => ((b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!) >>> 0
const le24 = (b: Uint8Array, i: number) => b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16)
const le32 = (b: Uint8Array, i: number) => (le24(b, i) | (b[i + 3]! << 24)) >>> 0

/** What the first bytes are, whatever the file is called. */
export function typeOf(b: Uint8Array): Head['type'] | null {
  if (b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return 'jpeg'
  if (ascii(b, 0, '\x89PNG\r\n\x1a\n')) return 'png'
  if (ascii(b, 0, 'RIFF') && ascii(b, 8, 'WEBP')) return 'webp'
  if (ascii(b, 4, 'ftyp') && ['hei', 'hev', 'mif1', 'msf1'].some(x => ascii(b, 8, x))) return 'heic'
  return null
}

/** The segments of a JPEG before its pixels: marker, where its content begins and ends. */
function* segments(b: Uint8Array): Generator<{ marker: number; from: number; to: number }> {
  let i = 2
  while (i + 4 <= b.length) {
    if (b[i] !== 0xff) return
    const marker = b[i + 1]!
    if (marker === 0xff) {
      i++ // fill bytes
      continue
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      i += 2
      continue
    }
    if (marker === 0xda || marker === 0xd9) return
    const length = be16(b, i + 2)
    if (length < 2) return
    yield { marker, from: i + 4, to: i + 2 + length }
    i += 2 + length
  }
}
/** The chunks of a PNG or WebP. */
function* chunks(b: Uint8Array, png: boolean): Generator<{ name: string; from: number; to: number }> {
  let i = png ? 8 : 12
  while (i + 8 <= b.length) {
    const length = png ? be32(b, i) : le32(b, i + 4)
    const at = png ? i + 4 : i
    const name = String.fromCharCode(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!)
    yield { name, from: i + 8, to: i + 8 + length }
    i += 8 + length + (png ? 4 : length & 1)
  }
}

/** Type and size of a picture as stored, before it is turned upright. A HEIC's size is 0 × 0: not looked for. */
export function headOf(b: Uint8Array): Head | null {
  const type = typeOf(b)
  if (type === 'heic') return { type, width: 0, height: 0 }
  if (type === 'jpeg') {
    for (const s of segments(b))
      if (s.marker >= 0xc0 && s.marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(s.marker))
        return s.from + 5 <= b.length ? { type, height: be16(b, s.from + 1), width: be16(b, s.from + 3) } : null
    return null
  }
  if (type === 'png') return ascii(b, 12, 'IHDR') && b.length >= 24 ? { type, width: be32(b, 16), height: be32(b, 20) } : null
  if (type === 'webp' && b.length >= 30) {
    if (ascii(b, 12, 'VP8X')) return { type, width: le24(b, 24) + 1, height: le24(b, 27) + 1 }
    if (ascii(b, 12, 'VP8L')) {
      const bits = le32(b, 21)
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    if (ascii(b, 12, 'VP8 ')) return { type, width: (b[26]! | (b[27]! << 8)) & 0x3fff, height: (b[28]! | (b[29]! << 8)) & 0x3fff }
  }
  return null
}

const EXIF = 'Exif\0\0'
const tiffAt = (b: Uint8Array, i: number) => ascii(b, i, 'II*\0') || ascii(b, i, 'MM\0*')

/** The EXIF block of a photo: a TIFF of its own, as the camera wrote it. */
export function exifOf(b: Uint8Array): Uint8Array | null {
  const type = typeOf(b)
  const cut = (from: number, to: number) => {
    const at = ascii(b, from, EXIF) ? from + EXIF.length : from
    return to <= b.length && to - at > 8 && tiffAt(b, at) ? b.slice(at, to) : null
  }
  if (type === 'jpeg') {
    for (const s of segments(b)) if (s.marker === 0xe1 && ascii(b, s.from, EXIF)) return cut(s.from, s.to)
  } else if (type === 'png' || type === 'webp') {
    for (const c of chunks(b, type === 'png')) if (c.name === (type === 'png' ? 'eXIf' : 'EXIF')) return cut(c.from, c.to)
  } else if (type === 'heic') {
    // The block lies somewhere among the boxes, behind its name. Its end is not marked: 64 KiB hold any.
    for (let i = 12; i + 16 < Math.min(b.length, 4 << 20); i++)
      if (b[i] === 0x45 && ascii(b, i, EXIF) && tiffAt(b, i + EXIF.length)) return b.slice(i + EXIF.length, i + EXIF.length + MAX)
  }
  return null
}

type Tag = { tag: number; at: number; type: number; count: number }
/** A reader of one TIFF. Directories that run out of the block, or in a ring, end there. */
function reader(t: Uint8Array) {
  const v = new DataView(t.buffer, t.byteOffset, t.byteLength)
  const little = t[0] === 0x49
  const u16 = (i: number) => (i + 2 <= t.length ? v.getUint16(i, little) : 0)
  const u32 = (i: number) => (i + 4 <= t.length ? v.getUint32(i, little) : 0)
  const tags = (at: number): Tag[] => {
    if (at < 8 || at + 2 > t.length) return []
    const out: Tag[] = []
    for (let k = 0, n = u16(at); k < n && at + 2 + 12 * (k + 1) <= t.length; k++) {
      const e = at + 2 + 12 * k
      out.push({ tag: u16(e), type: u16(e + 2), count: u32(e + 4), at: e })
    }
    return out
  }
  const below = (list: Tag[], tag: number) => {
    const found = list.find(x => x.tag === tag && x.type === 4 && x.count === 1)
    return found ? tags(u32(found.at + 8)) : []
  }
  return { v, little, u16, u32, tags, below }
}

/** What a block tells: how the camera was held, and whether it holds a time and a place. */
export function factsOf(tiff: Uint8Array | null): Facts {
  const out: Facts = { orientation: 1, time: false, place: false }
  if (!tiff || !tiffAt(tiff, 0)) return out
  const r = reader(tiff)
  const first = r.tags(r.u32(4))
  const turned = first.find(x => x.tag === 0x0112 && x.type === 3 && x.count === 1)
  const o = turned ? r.u16(turned.at + 8) : 1
  if (o >= 1 && o <= 8) out.orientation = o
  const text = r.below(first, 0x8769).find(x => x.tag === 0x9003 && x.type === 2 && x.count >= 19)
  if (text) {
    const at = r.u32(text.at + 8)
    out.time = /^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d/.test(String.fromCharCode(...tiff.subarray(at, at + 19)))
  }
  const gps = r.below(first, 0x8825)
  out.place = [2, 4].every(tag => gps.some(x => x.tag === tag && x.type === 5 && x.count === 3 && r.u32(x.at + 8) + 24 <= tiff.length))
  return out
}

/** The longest block one JPEG segment holds. */
export const MAX = 0xffff - 2 - EXIF.length

/**
 * The same block for pixels that are upright already: orientation 1, and no thumbnail, which still lies on its side.
 * All else stays byte for byte, so that what the camera's maker wrote by offsets still fits.
 * null for what is no TIFF or is too long for one segment.
 */
export function upright(tiff: Uint8Array): Uint8Array | null {
  if (tiff.length > MAX || !tiffAt(tiff, 0)) return null
  const out = tiff.slice()
  const r = reader(out)
  const first = r.u32(4)
  const list = r.tags(first)
  if (!list.length) return null
  for (const x of list) if (x.tag === 0x0112 && x.type === 3 && x.count >= 1) r.v.setUint16(x.at + 8, 1, r.little)
  const next = first + 2 + 12 * r.u16(first)
  if (next + 4 <= out.length) r.v.setUint32(next, 0, r.little)
  return out
}

/** A JPEG with the block as its first segment. The JPEG must begin as one and hold no EXIF of its own. */
export function withExif(jpeg: Uint8Array, tiff: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = 2 + EXIF.length + tiff.length
  const out = new Uint8Array(jpeg.length + 2 + length)
  out.set(jpeg.subarray(0, 2))
  out.set([0xff, 0xe1, length >> 8, length & 0xff], 2)
  for (let i = 0; i < EXIF.length; i++) out[6 + i] = EXIF.charCodeAt(i)
  out.set(tiff, 6 + EXIF.length)
  out.set(jpeg.subarray(2), 4 + length)
  return out
}
