import { expect, test, type Browser, type Page, type Request } from './drift'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { api, base, seat } from './desk'
import { chinese, violations, words } from './sound'

// Every page, for four roles, in both languages, at three widths. All visits only read.
const widths = [1440, 768, 390] as const
const shots = process.env.SIFEN_SHOTS // a folder: keep a picture of every page

type Route = { name: string; path: string }
type Row = { id: string; number: string; title: string; state: string; kind: string }

/** The addresses of one role, from what this person's own API answers. */
async function routes(browser: Browser, login: string): Promise<Route[]> {
  const r = await api(browser, login)
  const read = async <T>(path: string): Promise<T | null> => {
    const res = await r.get(`/api/v1${path}`)
    return res.ok() ? ((await res.json()) as T) : null
  }
  const out: Route[] = []
  const add = (name: string, path: string) => out.push({ name, path })
  const me = (await read<{ unit: { id: number }; verbs: string[]; grants: { unit: { id: number } }[] }>('/me'))!
  const unit = me.grants[0]?.unit.id ?? me.unit.id
  const may = (v: string) => me.verbs.includes(v)
  const kinds = (await read<{ items: { key: string; mode: string; may: { enter: boolean } }[] }>('/kinds'))?.items ?? []
  if (may('document.read')) {
    add('summary', '/')
    const doc = await read<{ id: string; cited: { n: number; key: string; missing: boolean }[] }>(`/summary?unit=${unit}&period=2020`)
    const cited = doc?.cited.find(c => c.key === 'publicity.sessions') ?? doc?.cited[0]
    if (doc && cited) {
      add('summary-figure', `/?n=${cited.n}`)
      add('document', `/documents/${doc.id}`)
      add('source', `/f/${doc.id}/${cited.n}`)
    }
    add('templates', '/templates')
  }
  if (may('assess.read')) add('scores', '/scores')
  if (may('inspect.read')) {
    add('checklists', '/checklists')
    add('checklist', '/checklists/estate')
    if (may('checklist.edit')) add('checklist-new', '/checklists/new')
  }
  add('plan', '/plan')
  add('plan-late', '/plan?state=late')
  add('plan-matrix', '/plan/matrix')
  add('documents', '/documents')
  add('documents-received', '/documents?mine=received')
  for (const box of ['sent', 'received'])
    for (const d of (await read<{ items: { id: string; kind: string; state: string }[] }>(`/documents?box=${box}&unit=${unit}`))?.items ?? [])
      if (d.kind !== 'summary') add(`document-${box}-${d.kind}-${d.state}`, `/documents/${d.id}`)
  add('bench', '/bench')
  add('verify', '/verify')
  let flow: Row | undefined
  for (const key of ['publicity-session', 'collection-vehicle']) {
    const kind = kinds.find(k => k.key === key)
    if (!kind) continue
    const rows = (await read<{ rows: Row[] }>(`/entries?kind=${key}&unit=${unit}&period=2020`))?.rows ?? []
    add(`ledger-${key}`, `/ledger/${key}`)
    flow ??= rows.find(x => x.state === 'verified') ?? rows[0]
    if (key === 'publicity-session' && flow) add('ledger-open', `/ledger/${key}?open=${flow.id}`)
  }
  add('ledger-none', '/ledger/publicity-session?q=zzz&state=void')
  add('ledger-figure', `/ledger/publicity-session?fig=publicity.sessions~${unit}~2020`)
  if (flow) {
    add('entry', `/entry/${flow.id}`)
    add('edit', `/entry/${flow.id}/edit`)
  }
  add('figures', '/figures')
  for (const key of ['publicity.audience_mean', 'coverage.estates']) add(`figure-${key}`, `/figures/${key}?period=2020`)
  add('figure-compare', `/figures/publicity.audience?period=2020-Q3&with=2019&units=${unit}`)
  if (may('place.read')) {
    add('points', '/points')
    add('points-map', '/points/map')
    add('points-labels', '/points/labels')
    const place = (await read<{ rows: { id: string }[] }>(`/places?unit=${unit}&state=consulted`))?.rows[0] ?? (await read<{ rows: { id: string }[] }>(`/places?unit=${unit}`))?.rows[0]
    if (place) {
      add('point', `/points/${place.id}`)
      if (may('place.propose')) add('point-edit', `/points/${place.id}/edit`)
    }
    if (may('place.propose')) add('point-new', '/points/new')
  }
  if (may('rectify.read')) {
    add('cases', '/cases')
    add('cases-none', '/cases?q=zzz')
    add('look-backs', '/look-backs')
    add('transfers', '/transfers')
    add('cases-board', '/cases?as=board')
    add('cases-map', '/cases?as=map')
    for (const state of ['draft', 'fixing', 'replied', 'closed']) {
      const c = (await read<{ rows: { id: string }[] }>(`/cases?state=${state}&unit=${unit}`))?.rows[0]
      if (c) add(`case-${state}`, `/cases/${c.id}`)
    }
  }
  if (may('dispatch.read')) {
    add('meetings', '/meetings?period=2020')
    add('meetings-none', '/meetings?q=zzz')
    add('decisions', '/decisions')
    add('bulletins', '/bulletins?period=2020')
    for (const state of ['planned', 'held']) {
      const m = (await read<{ rows: { id: string }[] }>(`/meetings?state=${state}&unit=${unit}`))?.rows[0]
      if (m) add(`meeting-${state}`, `/meetings/${m.id}`)
    }
    const open = (await read<{ rows: { id: string }[] }>(`/decisions?state=running&unit=${unit}`))?.rows[0]
    if (open) add('decision', `/decisions?open=${open.id}`)
  }
  if (may('inspect.read')) {
    add('visits', '/visits?period=2020')
    const v = (await read<{ rows: { id: string; failed: number; place: string }[] }>(`/visits?unit=${unit}&period=2020`))?.rows
    const wrong = v?.find(x => x.failed > 0) ?? v?.[0]
    if (wrong) {
      add('visit', `/visits/${wrong.id}`)
      add('inspect-place', `/inspect/place?key=${wrong.place}`)
    }
    const campaigns = (await read<{ items: { id: string }[] }>('/campaigns'))?.items ?? []
    add('campaigns', '/campaigns')
    add('special', '/special')
    for (const [i, c] of campaigns.slice(0, 2).entries()) add(`campaign-${i}`, `/campaigns/${c.id}`)
    if (may('inspect.visit')) {
      add('inspect', '/inspect')
      const spot = (await read<{ items: { key: string }[] }>(`/inspect-places?unit=${unit}`))?.items[0]
      if (spot) add('check', `/inspect/check?key=${spot.key}`)
    }
  }
  add('new', '/new')
  add('new-form', '/new/publicity-session')
  add('import', '/import')
  add('units', '/units')
  const units = (await read<{ items: { id: number; type: string }[] }>('/units'))?.items ?? []
  const one = units.find(u => u.type === 'estate') ?? units[0]
  if (one) add('unit', `/units?id=${one.id}`)
  add('people', '/people')
  add('locks', '/locks')
  add('me', '/me')
  add('404', '/nowhere')
  return out
}

/** Waits until nothing is asked of the server any more and the page has drawn it. */
function watch(page: Page) {
  const open = new Map<Request, boolean>() // and whether its answer has begun
  const errors: string[] = []
  let last = Date.now()
  page.on('request', r => {
    if (/\/events$/.test(r.url()) || r.url().startsWith('data:')) return
    open.set(r, false)
  })
  const end = (r: Request) => {
    open.delete(r)
    last = Date.now()
  }
  page.on('requestfinished', end)
  page.on('requestfailed', r => {
    end(r)
    if (!/ERR_ABORTED/.test(r.failure()?.errorText ?? '')) errors.push(`failed request ${r.url()} ${r.failure()?.errorText}`)
  })
  page.on('response', r => {
    if (open.has(r.request())) open.set(r.request(), true)
    if (r.status() >= 400) errors.push(`${r.status()} ${r.request().method()} ${r.url()}`)
  })
  page.on('pageerror', e => errors.push(`page error ${e.message}`))
  page.on('console', m => m.type() === 'error' && !/Failed to load resource/.test(m.text()) && errors.push(`console ${m.text()}`))
  const settled = async () => {
    const until = Date.now() + 15_000
    const idle = async () => open.size === 0 && Date.now() - last > 60 && !(await page.locator('[data-loading]').count())
    while (!(await idle())) {
      if (Date.now() > until) {
        // The browser may lose the end of an answer; a page that waits for one says so itself.
        for (const [r, answered] of open) if (!answered) errors.push(`no answer after 15 s: ${r.method()} ${r.url()}`)
        if (await page.locator('[data-loading]').count()) errors.push('still loading after 15 s')
        open.clear()
        break
      }
      await page.waitForTimeout(20)
    }
    // A page that nobody looks at may be given no frame: two of them, or a short while.
    await page.evaluate(() => new Promise<void>(ok => (requestAnimationFrame(() => requestAnimationFrame(() => ok())), setTimeout(ok, 1000))))
  }
  return { errors, settled }
}

/** Asking for what one may not see is answered in words, and then it is no fault. */
async function intended(page: Page, error: string) {
  if (/^403 GET /.test(error)) return (await page.locator('[data-state=forbidden]').count()) > 0
  if (/^404 GET .*\/summary\?/.test(error)) return (await page.locator('[data-state=empty]').count()) > 0
  return false
}

async function visit(browser: Browser, login: string, lang: 'zh' | 'en', list: Route[], known: string[]): Promise<string[]> {
  const faults: string[] = []
  const s = await seat(browser, login, 1440, lang)
  const page = s.page
  const { errors, settled } = watch(page)
  for (const r of list) {
    await page.setViewportSize({ width: 1440, height: 900 })
    // Within the product, as its links do: every page then also stands beside the styles of those before it.
    await page.evaluate(p => history.pushState({}, '', p), r.path)
    await page.waitForTimeout(30)
    for (const width of widths) {
      if (width !== 1440) await page.setViewportSize({ width, height: width === 390 ? 844 : 1024 })
      await settled()
      const fault = (text: string) => faults.push(`${lang} ${r.name} ${width}: ${text}`)
      for (const e of errors.splice(0)) if (!(await intended(page, e))) fault(e)
      const look = () => page.evaluate(() => {
        const d = document.documentElement
        const wide = d.scrollWidth > d.clientWidth
        const culprits = wide ? [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > d.clientWidth + 1).slice(-3).map(e => `${e.tagName}.${e.getAttribute('class')}`) : []
        return { wide: wide ? `${d.scrollWidth} > ${d.clientWidth} ${culprits.join(' ')}` : '', lang: d.lang, title: document.title, text: document.querySelector('main')?.textContent?.trim().length ?? 0 }
      })
      let seen = await look()
      for (let again = 0; seen.wide && again < 4; again++) { // a list that is drawn anew for a phone may not have been yet
        await page.waitForTimeout(500)
        seen = await look()
      }
      if (seen.wide) fault(`wider than the window: ${seen.wide}`)
      if (seen.lang !== (lang === 'en' ? 'en' : 'zh-CN')) fault(`lang ${seen.lang}`)
      if (!seen.text) fault('empty page')
      if (!(lang === 'en' ? /.+ · Sifen$|^Sifen$/ : /.+ · 四分$|^四分$/).test(seen.title)) fault(`title ${seen.title}`)
      if (lang === 'en') for (const t of await chinese(page, known)) fault(`Chinese: ${t}`)
      if (lang === 'zh' && width !== 768) for (const f of await violations(page, width)) fault(f)
      if (shots) {
        mkdirSync(join(shots, lang), { recursive: true })
        await page.screenshot({ path: join(shots, lang, `${login}-${r.name}-${width}.png`) })
      }
    }
  }
  await s.context.close()
  return faults
}

for (const login of ['office', 'yuxiang', 'yuxiang.jb', 'admin']) {
  test(`every page of ${login}`, async ({ browser }) => {
    test.setTimeout(600_000)
    const list = await routes(browser, login)
    // Names of kinds and fields have their English: their Chinese may not show.
    const r = await api(browser, login)
    const labels = new Set<string>(words)
    const both = (x: unknown): void => {
      if (!x || typeof x !== 'object') return
      const o = x as { zh?: unknown; en?: unknown }
      if (typeof o.zh === 'string' && typeof o.en === 'string' && o.en !== o.zh) labels.add(o.zh)
      Object.values(x).forEach(both)
    }
    for (const path of ['/kinds', '/schemes', '/roles']) {
      const res = await r.get(`/api/v1${path}`)
      if (res.ok()) both(await res.json())
    }
    const faults = await Promise.all((['zh', 'en'] as const).map(lang => visit(browser, login, lang, list, [...labels])))
    expect(faults.flat()).toEqual([])
  })
}

test('signing in, in both languages', async ({ browser }) => {
  const faults: string[] = []
  for (const lang of ['zh', 'en'] as const) {
    const context = await browser.newContext({ baseURL: base(), locale: lang === 'en' ? 'en-US' : 'zh-CN' })
    await context.addInitScript(l => localStorage.setItem('sifen.lang', l), lang)
    const page = await context.newPage()
    const { errors, settled } = watch(page)
    await page.goto('/')
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await settled()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (wide > 0) faults.push(`${lang} ${width} wider by ${wide}`)
      faults.push(...(await violations(page, width)).map(f => `${lang} ${width} ${f}`))
      if (shots) {
        mkdirSync(join(shots, lang), { recursive: true })
        await page.screenshot({ path: join(shots, lang, `signin-${width}.png`) })
      }
    }
    // Asking who is signed in answers 401 before anybody is.
    faults.push(...errors.filter(e => !/^401 GET .*\/me$/.test(e)))
    await context.close()
  }
  expect(faults).toEqual([])
})
