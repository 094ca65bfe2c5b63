import { afterEach, expect, test, vi } from 'vitest'
import { BIG_BYTES, CannotShrink, LONG_SIDE, shrink, target } from './shrink'

/** A JPEG of some size and length whose pixels nothing here opens. */
function photo(width: number, height: number, length = 100, name = 'IMG_1.jpg'): File {
  const b = new Uint8Array(length)
  b.set([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0, 0xff, 0xda])
  return new File([b], name, { type: 'image/jpeg' })
}
/** A device that decodes, and encodes to so many bytes. */
function device(encoded: number) {
  const asked: ImageBitmapOptions[] = []
  vi.stubGlobal('createImageBitmap', async (_: Blob, o: ImageBitmapOptions) => {
    asked.push(o)
    return { width: o.resizeWidth ?? 100, height: o.resizeHeight ?? 100, close: () => {} }
  })
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ fillRect: () => {}, drawImage: () => {} })
      convertToBlob = async () => new Blob([Uint8Array.from([0xff, 0xd8, ...Array.from({ length: encoded - 2 }, () => 0)])])
    },
  )
  return asked
}
afterEach(() => vi.unstubAllGlobals())

test('a small photo goes up as it is', async () => {
  const asked = device(10)
  const file = photo(2560, 1920)
  expect((await shrink(file)).file).toBe(file)
  expect(asked).toEqual([])
})
test('a large one is drawn at the long side, and says what it was', async () => {
  const asked = device(500)
  const steps: number[] = []
  const made = await shrink(photo(9000, 6000, BIG_BYTES + 1), p => steps.push(p))
  expect(asked[0]).toMatchObject({ resizeWidth: LONG_SIDE, resizeHeight: 1707, imageOrientation: 'from-image' })
  expect(made.file.name).toBe('IMG_1.jpg')
  expect(made.kept).toEqual({ from: BIG_BYTES + 1, to: 500, time: false, place: false })
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
})
test('60 MB go up', async () => {
  device(900_000)
  const made = await shrink(photo(8000, 6000, 60 * 1024 * 1024))
  expect(made.file.size).toBe(900_000)
})
test('what grew is thrown away', async () => {
  device(BIG_BYTES * 2)
  const file = photo(3000, 3000, BIG_BYTES + 1)
  expect(await shrink(file)).toEqual({ file })
})
test('what grew is still better than what the server refuses', async () => {
  device(5000)
  expect((await shrink(photo(9000, 9000, 400))).file.size).toBe(5000)
})
test('a device that cannot open it: the server judges what it would take, the rest is told at once', async () => {
  vi.stubGlobal('createImageBitmap', async () => {
    throw new DOMException('no', 'InvalidStateError')
  })
  const file = photo(4000, 3000, BIG_BYTES + 1)
  expect(await shrink(file)).toEqual({ file })
  const why = (f: File) => shrink(f).then(() => '', (e: CannotShrink) => e.why)
  expect(await why(photo(12000, 9000, BIG_BYTES))).toBe('pixels')
  expect(await why(photo(4000, 3000, 16 * 1024 * 1024))).toBe('broken')
  expect(await why(new File([new Uint8Array(50)], 'a.jpg', { type: 'image/jpeg' }))).toBe('broken')
  expect(await why(photo(0, 0))).toBe('broken')
})
test('a HEIC nothing opens', async () => {
  vi.stubGlobal('createImageBitmap', async () => {
    throw new DOMException('no', 'InvalidStateError')
  })
  vi.stubGlobal('Image', class {
    decode = async () => {
      throw new DOMException('no', 'EncodingError')
    }
  })
  URL.createObjectURL ??= () => 'blob:x'
  URL.revokeObjectURL ??= () => {}
  const heic = new File([Uint8Array.from([0, 0, 0, 24, ...[...'ftypheic'].map(c => c.charCodeAt(0)), ...Array.from({ length: 60 }, () => 0)])], 'IMG_2.HEIC', { type: '' })
  await expect(shrink(heic)).rejects.toMatchObject({ why: 'heic' })
})
test('the size to draw at', () => {
  expect(target(4000, 3000, 1)).toEqual({ width: 2560, height: 1920 })
  expect(target(4000, 3000, 6)).toEqual({ width: 1920, height: 2560 })
  expect(target(100, 50, 1)).toEqual({ width: 100, height: 50 })
  expect(target(100_000, 1, 1)).toEqual({ width: 2560, height: 1 })
})
