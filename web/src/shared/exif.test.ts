import { describe, expect, test } from 'vitest'
import { MAX, exifOf, factsOf, headOf, typeOf, upright, withExif } from './exif'

type Field = [tag: number, type: number, count: number, value: number | number[]]
const bytes = (s: string) => [...s].map(c => c.charCodeAt(0))

/** A block as a telephone writes it: orientation, maker, time, place, and a thumbnail in a second directory. */
function block({ little = true, orientation = 6, time = '2020:08:02 09:14:05', place = true, thumb = true } = {}): Uint8Array {
  const u16 = (n: number) => (little ? [n & 255, n >> 8] : [n >> 8, n & 255])
  const u32 = (n: number) => (little ? [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24] : [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255])
  const dir = (at: number, fields: Field[], next: number) => {
    const room = at + 2 + 12 * fields.length + 4
    const tail: number[] = []
    const head = [...u16(fields.length)]
    for (const [tag, type, count, value] of fields) {
      head.push(...u16(tag), ...u16(type), ...u32(count))
      if (Array.isArray(value)) {
        head.push(...u32(room + tail.length))
        tail.push(...value)
      } else head.push(...(type === 3 ? [...u16(value), 0, 0] : u32(value)))
    }
    return [...head, ...u32(next), ...tail]
  }
  const fraction = (...n: number[]) => n.flatMap(x => [...u32(x), ...u32(1)])
  const first = (sub: number, gps: number, next: number): number[] =>
    dir(
      8,
      [
        [0x0110, 2, 6, bytes('Phone\0')],
        [0x0112, 3, 1, orientation],
        [0x8769, 4, 1, sub],
        ...(place ? ([[0x8825, 4, 1, gps]] as Field[]) : []),
      ],
      next,
    )
  const size = first(0, 0, 0).length
  const sub = dir(8 + size, [[0x9003, 2, 20, bytes(`${time}\0`)]], 0)
  const gpsAt = 8 + size + sub.length
  const gps = place ? dir(gpsAt, [[1, 2, 2, bytes('N\0')], [2, 5, 3, fraction(31, 17, 5)], [3, 2, 2, bytes('E\0')], [4, 5, 3, fraction(118, 22, 9)]], 0) : []
  const end = gpsAt + gps.length
  const second = thumb ? dir(end, [[0x0201, 4, 1, end + 100]], 0) : []
  return Uint8Array.from([...bytes(little ? 'II*\0' : 'MM\0*'), ...u32(8), ...first(8 + size, gpsAt, thumb ? end : 0), ...sub, ...gps, ...second])
}
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xdb, 0, 3, 0, 0xff, 0xc0, 0, 11, 8, 0x0b, 0xb8, 0x0f, 0xa0, 1, 1, 0x11, 0, 0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9])
const be32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]
const png = (tiff: Uint8Array) => Uint8Array.from([...bytes('\x89PNG\r\n\x1a\n'), ...be32(13), ...bytes('IHDR'), ...be32(300), ...be32(200), 8, 2, 0, 0, 0, ...be32(0), ...be32(tiff.length), ...bytes('eXIf'), ...tiff, ...be32(0)])
const webp = (tiff: Uint8Array) => {
  const le = [tiff.length & 255, tiff.length >> 8, 0, 0]
  return Uint8Array.from([...bytes('RIFF'), 0, 0, 0, 0, ...bytes('WEBPVP8X'), 10, 0, 0, 0, 8, 0, 0, 0, 0x2b, 1, 0, 0xc7, 0, 0, ...bytes('EXIF'), ...le, ...tiff])
}
const heic = (tiff: Uint8Array) => Uint8Array.from([0, 0, 0, 24, ...bytes('ftypheic'), ...Array.from({ length: 40 }, () => 0), ...bytes('Exif\0\0'), ...tiff])

describe.each([true, false])('a block, little end first %s', little => {
  test('tells how the camera was held, when and where', () => {
    expect(factsOf(block({ little }))).toEqual({ orientation: 6, time: true, place: true })
    expect(factsOf(block({ little, orientation: 1, place: false }))).toEqual({ orientation: 1, time: true, place: false })
    expect(factsOf(block({ little, time: '    :  :     :  :  ', orientation: 77 }))).toEqual({ orientation: 1, time: false, place: true })
  })
  test('upright: only orientation and thumbnail change', () => {
    const before = block({ little })
    const after = upright(before)!
    expect(factsOf(after)).toEqual({ orientation: 1, time: true, place: true })
    const other = [...after].map((x, i) => (x === before[i] ? -1 : i)).filter(i => i >= 0)
    // one byte of the orientation, and the offset of the second directory
    expect(other.length).toBeLessThanOrEqual(3)
    expect(upright(block({ little, orientation: 1, thumb: false }))).toEqual(block({ little, orientation: 1, thumb: false }))
  })
})

test('the block is found in every kind of photo and stands in the new file', () => {
  const t = block()
  for (const [name, file] of Object.entries({ jpeg: withExif(jpeg, t), png: png(t), webp: webp(t) })) {
    expect(typeOf(file), name).toBe(name)
    expect(exifOf(file), name).toEqual(t)
  }
  expect(factsOf(exifOf(heic(t)))).toEqual({ orientation: 6, time: true, place: true })
  const made = withExif(jpeg, upright(t)!)
  expect(exifOf(made)).toEqual(upright(t))
  expect(headOf(made)).toEqual({ type: 'jpeg', width: 4000, height: 3000 })
  expect(made.length).toBe(jpeg.length + t.length + 10)
})

test('sizes', () => {
  expect(headOf(jpeg)).toEqual({ type: 'jpeg', width: 4000, height: 3000 })
  expect(headOf(png(block()))).toEqual({ type: 'png', width: 300, height: 200 })
  expect(headOf(webp(block()))).toEqual({ type: 'webp', width: 300, height: 200 })
  expect(headOf(heic(block()))).toEqual({ type: 'heic', width: 0, height: 0 })
})

test('no block', () => {
  expect(exifOf(jpeg)).toBeNull()
  expect(exifOf(new Uint8Array())).toBeNull()
  expect(factsOf(null)).toEqual({ orientation: 1, time: false, place: false })
  expect(upright(bytes2('hello world'))).toBeNull()
  expect(upright(new Uint8Array(MAX + 1).fill(0).map((_, i) => 'II*\0'.charCodeAt(i) || 0))).toBeNull()
})
const bytes2 = (s: string) => Uint8Array.from(bytes(s))

test('broken blocks: nothing throws, whatever is cut or turned over', () => {
  const whole = withExif(jpeg, block())
  for (let n = 0; n < whole.length; n++) {
    const cut = whole.slice(0, n)
    const t = exifOf(cut)
    factsOf(t)
    if (t) upright(t)
    headOf(cut)
  }
  // a repeatable series of strange bytes
  let seed = 7
  const next = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff)
  for (let round = 0; round < 3000; round++) {
    const bad = whole.slice()
    for (let k = 0; k < 1 + (next() % 6); k++) bad[next() % bad.length] = next() & 255
    const t = exifOf(bad)
    const f = factsOf(t)
    expect(f.orientation).toBeGreaterThanOrEqual(1)
    expect(f.orientation).toBeLessThanOrEqual(8)
    const u = t && upright(t)
    if (u) {
      expect(u.length).toBe(t.length)
      expect(factsOf(u).orientation).toBe(1)
    }
    headOf(bad)
  }
})

test('a directory that points at itself or outside ends', () => {
  const t = block()
  for (const where of [4, 5, 6, 7]) {
    for (const value of [0, 8, 255]) {
      const bad = t.slice()
      bad[where] = value
      expect(() => factsOf(bad)).not.toThrow()
      expect(() => upright(bad)).not.toThrow()
    }
  }
  const many = t.slice()
  many[8] = 255
  many[9] = 255
  expect(() => upright(many)).not.toThrow()
})
