import { expect, test, type Page } from './drift'
import { api, seat } from './desk'
import { Small } from './small'

// Every main route while it loads, when it fails, without the right, and with nothing in it: designed words, never a blank page.
const ROUTES = ['/', '/bench', '/verify', '/ledger/publicity-session', '/new', '/new/publicity-session', '/import', '/table/printed-material', '/figures', '/figures/publicity.sessions', '/plan', '/plan/matrix', '/documents', '/templates', '/checklists', '/checklists/estate', '/due', '/burden', '/points', '/points/map', '/points/labels', '/points/new', '/special', '/units', '/people', '/locks', '/channels', '/me']
// What the frame itself needs.
const FRAME = /\/api\/v1\/(me|events|session|demo)(\?|$)/

async function go(page: Page, path: string) {
  await page.evaluate(p => history.pushState({}, '', p), path)
}
const seen = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('main')!
    return {
      path: location.pathname,
      text: (main.innerText ?? '').trim().replace(/\s+/g, ' '),
      state: [...main.querySelectorAll('[data-state]')].map(x => x.getAttribute('data-state')).join(' '),
      skeleton: main.querySelectorAll('[data-loading]').length,
      alert: main.querySelectorAll('[role=alert]').length,
    }
  })

test('loading and failing', async ({ browser }) => {
  test.setTimeout(400_000)
  const faults: string[] = []
  const s = await seat(browser, 'office')
  const { page } = s
  for (const path of ROUTES) {
    // a fresh page each time: nothing is known yet
    const hold: (() => void)[] = []
    let fail = false
    await page.route('**/api/v1/**', async r => {
      if (FRAME.test(r.request().url())) return r.fallback()
      if (!fail) await new Promise<void>(ok => hold.push(ok))
      await r.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ status: 500, code: 'http.internal', title: '服务器出错了', instance: 'abc' }) }).catch(() => {})
    })
    await page.goto(path)
    await page.waitForTimeout(800)
    const loading = await seen(page)
    if (loading.skeleton === 0 && !/^\/(new|me)$/.test(path)) faults.push(`${path} loading: ${JSON.stringify(loading)}`)
    fail = true
    hold.splice(0).forEach(ok => ok())
    await expect.poll(async () => (await seen(page)).skeleton, { timeout: 8_000 }).toBe(0).catch(() => {})
    await page.waitForTimeout(150)
    const failed = await seen(page)
    if (!/failed/.test(failed.state) && !failed.alert && path !== '/me') faults.push(`${path} failed: ${JSON.stringify(failed)}`)
    if (/failed/.test(failed.state) && !(await page.locator('main [data-state=failed] button').count())) faults.push(`${path} failed: no way on`)
    await page.unroute('**/api/v1/**')
  }
  expect([...faults, ...s.errors]).toEqual([])
})

test('nothing recorded yet, and no right', async ({ browser }) => {
  test.setTimeout(400_000)
  const small = new Small()
  try {
    await small.start()
    const faults: string[] = []
    for (const login of ['street', 'firm'])
      for (const lang of login === 'street' ? (['zh', 'en'] as const) : (['zh'] as const)) {
        const s = await small.seat(browser, login, 390, lang)
        const { page } = s
        await page.goto('/me')
        for (const path of ROUTES) {
          await go(page, path)
          await page.waitForTimeout(200)
          // a page's own code may still be on its way: it has eight seconds, and then is what a person sees
          const fault = (x: Awaited<ReturnType<typeof seen>>) => x.text.length < 6 || x.skeleton > 0 || /failed/.test(x.state)
          await expect.poll(async () => fault(await seen(page)), { timeout: 8_000 }).toBe(false).catch(() => {})
          await page.waitForTimeout(100)
          const x = await seen(page)
          if (fault(x)) faults.push(`${login} ${lang} ${path}: ${JSON.stringify(x)}`)
          if (process.env.SIFEN_SHOTS) await page.screenshot({ path: `${process.env.SIFEN_SHOTS}/empty-${login}-${lang}${path.replaceAll('/', '_')}.png` })
        }
        faults.push(...s.errors)
        await s.context.close()
      }
    expect(faults).toEqual([])
  } finally {
    await small.close()
  }
})

/** What moves by itself while a page loads. 0.005 is a line of text shifted by a pixel or two when its real width is known. */
test('no layout shift', async ({ browser }) => {
  test.setTimeout(600_000)
  const r = await api(browser, 'office')
  const rows = ((await (await r.get('/api/v1/entries?kind=publicity-session&period=2020')).json()) as { rows: { id: string }[] }).rows
  const docs = ((await (await r.get('/api/v1/documents?box=sent')).json()) as { items: { id: string }[] }).items
  const places = ((await (await r.get('/api/v1/places')).json()) as { rows: { id: string }[] }).rows
  const paths = [...ROUTES, `/entry/${rows[0]!.id}`, `/entry/${rows[0]!.id}/edit`, `/ledger/publicity-session?open=${rows[0]!.id}`, '/figures/publicity.audience_mean?period=2020']
  if (docs[0]) paths.push(`/documents/${docs[0].id}`)
  if (places[0]) paths.push(`/points/${places[0].id}`)
  const faults: string[] = []
  for (const width of [390, 1440]) {
    const s = await seat(browser, 'office', width)
    const { page } = s
    await s.context.addInitScript(() => {
      const w = window as unknown as { shifts: string[]; shift: number }
      w.shifts = []
      w.shift = 0
      new PerformanceObserver(list => {
        for (const e of list.getEntries() as unknown as { value: number; hadRecentInput: boolean; startTime: number; sources: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[] }[]) {
          if (e.hadRecentInput) continue
          w.shift += e.value
          w.shifts.push(`${e.value.toFixed(4)} at ${Math.round(e.startTime)}: ${e.sources.map(x => `${x.node?.nodeName}.${x.node?.getAttribute?.('class') ?? x.node?.textContent?.slice(0, 20)} ${Math.round(x.previousRect.x)},${Math.round(x.previousRect.y)} ${Math.round(x.previousRect.width)}×${Math.round(x.previousRect.height)} → ${Math.round(x.currentRect.x)},${Math.round(x.currentRect.y)} ${Math.round(x.currentRect.width)}×${Math.round(x.currentRect.height)}`).join(' | ')}`)
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    for (const path of paths) {
      await page.goto(path)
      await page.waitForLoadState('networkidle', { timeout: 4_000 }).catch(() => {}) // the stream of news never ends
      await expect.poll(async () => page.locator('main [data-loading]').count(), { timeout: 8_000 }).toBe(0).catch(() => {})
      await page.waitForTimeout(300)
      const [sum, list] = await page.evaluate(() => [(window as unknown as { shift: number }).shift, (window as unknown as { shifts: string[] }).shifts] as const)
      if (sum > 0.005) faults.push(`${width} ${path}: ${sum.toFixed(4)}\n    ${list.join('\n    ')}`)
    }
    await s.context.close()
  }
  expect(faults.join('\n')).toBe('')
})

test('large text on a phone: nothing is cut, broken inside a word or wider than the window', async ({ browser }) => {
  test.setTimeout(400_000)
  const faults: string[] = []
  for (const lang of ['zh', 'en'] as const) {
    const s = await seat(browser, 'yuxiang', 390, lang)
    await s.context.addInitScript(() => localStorage.setItem('sifen.large', '1'))
    await s.page.goto('/me')
    await expect(s.page.locator('html')).toHaveClass(/large/)
    for (const path of ROUTES) {
      await go(s.page, path)
      await s.page.waitForTimeout(200)
      await expect.poll(async () => (await seen(s.page)).skeleton, { timeout: 8_000 }).toBe(0).catch(() => {})
      await s.page.waitForTimeout(100)
      const bad = await s.page.evaluate(() => {
        const out: string[] = []
        const d = document.documentElement
        if (d.scrollWidth > d.clientWidth) out.push(`${d.scrollWidth} wide`)
        // More lines than words: a word was broken. A range over the text has one box per line.
        for (const e of document.querySelectorAll('h1, h2, button, nav a')) {
          const text = (e as HTMLElement).innerText?.trim() ?? ''
          if (!text || (e as HTMLElement).offsetParent === null || e.clientWidth < 3 || !/^[\x20-\x7e]+$/.test(text)) continue
          const range = document.createRange()
          range.selectNodeContents(e)
          const lines = new Set([...range.getClientRects()].filter(r => r.width > 1).map(r => Math.round(r.bottom / 12))).size
          if (lines > text.split(/[\s-]+/).length + 1) out.push(`broken ${text}`)
        }
        for (const e of document.querySelectorAll('button, nav a, [data-tag]')) if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) out.push(`cut ${e.textContent}`)
        return out
      })
      faults.push(...bad.map(x => `${lang} ${path}: ${x}`))
      if (process.env.SIFEN_SHOTS) await s.page.screenshot({ path: `${process.env.SIFEN_SHOTS}/large-${lang}${path.replaceAll('/', '_')}.png` })
    }
    await s.context.close()
  }
  expect(faults).toEqual([])
})
