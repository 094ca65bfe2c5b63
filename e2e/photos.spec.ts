import { expect, test, type Page } from './drift'
import { exifOf, withExif } from '../web/src/shared/exif'
import { api, seat } from './desk'

test.beforeEach(() => test.setTimeout(120_000))

/** A photo of noise over fields of colour, as heavy as a camera's, red in its left upper quarter. */
async function noise(page: Page, width: number, height: number): Promise<Buffer> {
  const text = await page.evaluate(
    async ([w, h]) => {
      const canvas = new OffscreenCanvas(w!, h!)
      const c = canvas.getContext('2d')!
      const d = c.createImageData(w!, h!)
      let seed = 1
      for (let i = 0; i < d.data.length; i += 4) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        const x = (i / 4) % w!, y = Math.floor(i / 4 / w!)
        const red = x < w! / 2 && y < h! / 2
        d.data.set([(red ? 200 : 60) + (seed >> 24 & 31), 60 + (seed >> 16 & 63), 60 + (seed >> 8 & 63), 255], i)
      }
      c.putImageData(d, 0, 0)
      const b = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.98 })).arrayBuffer())
      let out = ''
      for (let i = 0; i < b.length; i += 30_000) out += String.fromCharCode(...b.subarray(i, i + 30_000))
      return btoa(out)
    },
    [width, height],
  )
  return Buffer.from(text, 'base64')
}
const HELD_UPRIGHT = Uint8Array.from([0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0])

for (const lang of ['zh', 'en'] as const)
  test(`a photo of 60 MB, one on its side and a HEIC, on a phone (${lang})`, async ({ browser }) => {
    const clerk = await api(browser, 'yuxiang.jb')
    // The facts of a real photo of the year: time and place.
    const rows = ((await (await clerk.get('/api/v1/entries?kind=publicity-session&period=2020')).json()) as { rows: { id: string }[] }).rows
    let facts: Uint8Array | null = null
    for (const r of rows) {
      const e = (await (await clerk.get(`/api/v1/entries/${r.id}`)).json()) as { evidence: { sha: string; taken_at?: string; lat?: number }[] }
      const photo = e.evidence.find(x => x.taken_at && x.lat)
      if (!photo) continue
      facts = exifOf(new Uint8Array(await (await clerk.get(`/api/v1/blobs/${photo.sha}?size=original`)).body()))
      if (facts) break
    }
    expect(facts).not.toBeNull()

    const s = await seat(browser, 'yuxiang.jb', 390, lang)
    const { page } = s
    await page.goto('/new/publicity-session')
    const photos = page.getByRole('group', { name: lang === 'zh' ? /照片/ : /photo/i })
    const input = page.locator('input[type=file]').first()
    await expect(input).toHaveAttribute('accept', /heic/)
    const shot = await noise(page, 3600, 2400)
    const heavy = Buffer.concat([withExif(shot, facts!), Buffer.alloc(31 * 1024 * 1024, 7)])
    const dir = test.info().outputPath('IMG_0001.jpg')
    const { writeFileSync, mkdirSync } = await import('node:fs')
    mkdirSync(test.info().outputDir, { recursive: true })
    writeFileSync(dir, Buffer.concat([heavy, Buffer.alloc(60 * 1024 * 1024 - heavy.length, 3)]))
    const sent: number[] = []
    page.on('request', r => /\/blobs\//.test(r.url()) && r.method() === 'PUT' && sent.push(Number(r.headers()['content-length'] ?? 0)))
    const kept = page.waitForResponse(r => /\/blobs\//.test(r.url()) && r.request().method() === 'PUT', { timeout: 60_000 })
    await input.setInputFiles(dir)
    const first = (await (await kept).json()) as { width: number; height: number; taken_at?: string; lat?: number }
    expect([first.width, first.height]).toEqual([2560, 1707])
    expect(first.taken_at).toMatch(/^20\d\d-/)
    expect(first.lat).toBeGreaterThan(0)
    await expect(photos.getByText(/60\.0 MB →/)).toHaveText(lang === 'zh' ? /^60\.0 MB → [\d.]+ [KM]B时间和位置已保留$/ : /^60\.0 MB → [\d.]+ [KM]Btime and place kept$/)

    const second = page.waitForResponse(r => /\/blobs\//.test(r.url()) && r.request().method() === 'PUT', { timeout: 60_000 })
    await input.setInputFiles({ name: 'IMG_0002.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(withExif(await noise(page, 3000, 2000), HELD_UPRIGHT)) })
    const turned = (await (await second).json()) as { sha: string; width: number; height: number }
    expect([turned.width, turned.height]).toEqual([1707, 2560])
    // Upright, the red quarter is at the right; turned a second time it would not be.
    const colour = await page.evaluate(async sha => {
      const b = await createImageBitmap(await (await fetch(`/api/v1/blobs/${sha}?size=view`)).blob())
      const c = new OffscreenCanvas(b.width, b.height).getContext('2d')!
      c.drawImage(b, 0, 0)
      const at = (x: number, y: number) => c.getImageData(Math.floor(x * b.width), Math.floor(y * b.height), 1, 1).data[0]!
      return [at(0.75, 0.25), at(0.25, 0.25), b.width < b.height]
    }, turned.sha)
    expect(colour[0]).toBeGreaterThan(150)
    expect(colour[1]).toBeLessThan(130)
    expect(colour[2]).toBe(true)

    await input.setInputFiles({ name: 'IMG_0003.HEIC', mimeType: '', buffer: Buffer.concat([Buffer.from('\0\0\0\x18ftypheic', 'latin1'), Buffer.alloc(4000)]) })
    await expect(photos.getByRole('alert')).toContainText(lang === 'zh' ? '兼容性最佳' : 'Most Compatible')
    // With a photo that did not go up, nothing is sent: it would be lost.
    await page.getByRole('button', { name: lang === 'zh' ? '保存草稿' : 'Save draft' }).click()
    await expect(page.getByText(lang === 'zh' ? /有 1 个文件没传成/ : /1 file did not go up/)).toBeVisible()
    if (process.env.SIFEN_SHOTS) {
      await input.scrollIntoViewIfNeeded()
      await page.screenshot({ path: `${process.env.SIFEN_SHOTS}/photos-${lang}.png` })
    }
    await photos.getByRole('button', { name: lang === 'zh' ? '移除第 3 件' : /^Remove.*3$/ }).click()
    await expect(photos.getByRole('alert')).toHaveCount(0)

    // Cut off on its way to the device.
    await input.setInputFiles({ name: 'half.jpg', mimeType: 'image/jpeg', buffer: shot.subarray(0, Math.floor(shot.length / 2)) })
    await expect(photos.getByRole('alert')).toContainText(lang === 'zh' ? '打不开' : 'not')
    expect(s.errors).toEqual([])
  })
