import { expect, type APIRequestContext, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// Every worker has a server and a year of its own, unless one runs already.
const mine = (name: string) => process.env[name] ?? process.env[`${name}_${process.env.TEST_PARALLEL_INDEX}`]!
export const base = () => mine('SIFEN_BASE')
export const dataDir = () => mine('SIFEN_DATA_DIR')

type Account = { login: string; password: string; name: string; unit: string }

/** The demonstration's account of a login, with the password this run made. */
export function account(login: string): Account {
  const list = JSON.parse(readFileSync(join(dataDir(), 'demo-accounts.json'), 'utf8')) as Account[]
  const found = list.find(a => a.login === login)
  if (!found) throw new Error(`no account ${login}`)
  return found
}

export type Seat = { context: BrowserContext; page: Page; errors: string[] }

/** How long the page took from a tap or key to the picture that answers it, in milliseconds (the browser's own timing, in
 * steps of 8; what took less than 16 is not told). One line per interaction is added to this file. */
export const answersFile = join(import.meta.dirname, '..', 'out', 'answers.jsonl')
export type Answer = { id: number; ms: number; handled: number; event: string; at: string; path: string }
export const answers: Answer[] = []

async function watchAnswers(context: BrowserContext) {
  await context.exposeBinding('sifenAnswer', (_, a: Answer) => {
    answers.push(a)
    mkdirSync(dirname(answersFile), { recursive: true })
    appendFileSync(answersFile, `${JSON.stringify(a)}\n`)
  })
  await context.addInitScript(() => {
    type Timed = PerformanceEventTiming & { interactionId: number }
    const tell = (window as unknown as { sifenAnswer: (a: Answer) => void }).sifenAnswer
    new PerformanceObserver(list => {
      for (const e of list.getEntries() as Timed[]) {
        if (!e.interactionId) continue // pressing, releasing and clicking are one interaction: each is told, the longest counts
        const t = e.target as HTMLElement | null
        tell({ id: e.interactionId, ms: e.duration, handled: Math.round(e.processingEnd - e.startTime), event: e.name, at: t ? `${t.tagName.toLowerCase()} ${(t.getAttribute('aria-label') ?? t.textContent ?? '').trim().slice(0, 20)}` : '', path: location.pathname })
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  })
}

/** A person at a browser of some width, signed in through the form. */
export async function seat(browser: Browser, login: string, width = 1440, lang: 'zh' | 'en' = 'zh'): Promise<Seat> {
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, baseURL: base(), locale: lang === 'en' ? 'en-US' : 'zh-CN', hasTouch: width < 500 })
  await context.addInitScript(l => localStorage.setItem('sifen.lang', l), lang)
  await watchAnswers(context)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', e => errors.push(e.message))
  const who = account(login)
  await page.goto('/')
  await page.getByLabel(lang === 'en' ? 'Phone or staff number' : '手机号或工号').fill(who.login)
  await page.locator('input[type=password]').fill(who.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('banner').first()).toContainText(/四分|Sifen/)
  return { context, page, errors }
}

/** A signed-in caller without a browser. */
export async function api(browser: Browser, login: string): Promise<APIRequestContext> {
  const context = await browser.newContext({ baseURL: base() })
  const who = account(login)
  const res = await context.request.post('/api/v1/session', { data: { login: who.login, password: who.password } })
  expect(res.status()).toBe(200)
  return context.request
}

export const operation = () => {
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = (b[6]! & 0x0f) | 0x70
  b[8] = (b[8]! & 0x3f) | 0x80
  const h = [...b].map(x => x.toString(16).padStart(2, '0')).join('')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}
