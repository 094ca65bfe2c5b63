import type { Lang } from './i18n'

const cache = new Map<string, Intl.NumberFormat>()
function nf(lang: Lang, options: Intl.NumberFormatOptions) {
  const key = lang + JSON.stringify(options)
  let f = cache.get(key)
  if (!f) cache.set(key, (f = new Intl.NumberFormat(lang === 'en' ? 'en' : 'zh-CN', options)))
  return f
}

/** An integer at a fixed scale as text: fixed(123450, 2) is 1,234.50. Minus is U+2212. */
export function fixed(value: number, decimals = 0, lang: Lang = 'zh'): string {
  const text = nf(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value / 10 ** decimals)
  return text.replace('-', '−')
}
export const int = (value: number, lang: Lang = 'zh') => fixed(value, 0, lang)
export const signed = (value: number, decimals = 0, lang: Lang = 'zh') => (value > 0 ? '+' : '') + fixed(value, decimals, lang)

/** Typed text to an integer at the field's scale; null when it is no number or has too many digits. Takes full-width digits.
 * Commas and blanks stand between groups of three or nowhere: 1,23 is a slip for one of several numbers. */
export function parseFixed(text: string, decimals: number): number | null {
  const t = text.normalize('NFKC').trim().replace('−', '-')
  const m = /^(-?)(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\s\d{3})+)(?:\.(\d*))?$/.exec(t)
  if (!m || (m[3] ?? '').length > decimals) return null
  const n = Number(m[2]!.replace(/[,\s]/g, '') + (m[3] ?? '').padEnd(decimals, '0'))
  return Number.isSafeInteger(n) ? (m[1] ? -n : n) : null
}
/** A count as it is typed; what is no whole number is not taken, so that no digit of 1.5 or 3-4 makes another number. */
export function typedCount(text: string, was: number): number {
  const n = text.trim() ? parseFixed(text, 0) : 0
  return n === null || n < 0 ? was : n
}
/** The editing form of a value: no grouping. */
export const plain = (value: number, decimals: number) => {
  const s = (Math.abs(value) / 10 ** decimals).toFixed(decimals)
  return (value < 0 ? '-' : '') + (decimals ? s.replace(/\.?0+$/, '') || '0' : s)
}

const parts = (at: number) => {
  const d = new Date(at + 8 * 3600_000) // Asia/Shanghai has no summer time
  const p = (n: number) => String(n).padStart(2, '0')
  return {
    y: d.getUTCFullYear(),
    m: d.getUTCMonth() + 1,
    d: d.getUTCDate(),
    hm: `${p(d.getUTCHours())}:${p(d.getUTCMinutes())}`,
    day: `${d.getUTCFullYear()}-${p(d.getUTCMonth() + 1)}-${p(d.getUTCDate())}`,
  }
}
export const dayOf = (at: number) => parts(at).day

/** Table date: 12-25 within the year of `today`, else 2019-12-25. */
export const shortDay = (day: string, today: string) => (day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day)
export const shortTime = (at: number, today: string) => `${shortDay(parts(at).day, today)} ${parts(at).hm}`
export const tableTime = (at: number) => `${parts(at).day} ${parts(at).hm}`

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
export const monthName = (m: number) => MONTHS[m - 1] ?? ''
export function longDay(day: string, lang: Lang): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  return lang === 'en' ? `${d} ${MONTHS[m - 1]} ${y}` : `${y}\u5e74${m}\u6708${d}\u65e5`
}
export const longTime = (at: number, lang: Lang) => `${longDay(parts(at).day, lang)} ${parts(at).hm}`

export function addDays(day: string, n: number): string {
  const d = new Date(`${day}T00:00:00Z`)
  d.setUTCDate(d.getUTCDate() + n)
  return d.toISOString().slice(0, 10)
}
export const daysBetween = (a: string, b: string) => Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / 86_400_000)
export const isDay = (s: string) => /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(`${s}T00:00:00Z`)) && addDays(s, 0) === s

/** Periods: 2020, 2020-03, 2020-Q2, 2020-03-01..2020-04-15 (end exclusive). */
export function periodName(p: string, lang: Lang): string {
  const [a, b] = p.split('..')
  if (a && b)
    return lang === 'en' ? `${longDay(a, lang)} – ${longDay(addDays(b, -1), lang)}` : `${longDay(a, lang)}\u81f3${longDay(addDays(b, -1), lang)}`
  const q = /^(\d{4})-Q([1-4])$/.exec(p)
  if (q) return lang === 'en' ? `Q${q[2]} ${q[1]}` : `${q[1]}\u5e74\u7b2c${'\u4e00\u4e8c\u4e09\u56db'[Number(q[2]) - 1]}\u5b63\u5ea6`
  const m = /^(\d{4})-(\d\d)$/.exec(p)
  if (m) return lang === 'en' ? `${MONTHS[Number(m[2]) - 1]} ${m[1]}` : `${m[1]}\u5e74${Number(m[2])}\u6708`
  return lang === 'en' ? p : `${p}\u5e74`
}
export const isPeriod = (p: string) => /^\d{4}$|^\d{4}-(0[1-9]|1[0-2])$|^\d{4}-Q[1-4]$|^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(p)
/** First day and the day after the last. */
export function periodSpan(p: string): [string, string] {
  const [a, b] = p.split('..')
  if (a && b) return [a, b]
  const year = Number(p.slice(0, 4))
  const first = (y: number, m: number) => `${m > 12 ? y + 1 : y}-${String(m > 12 ? m - 12 : m).padStart(2, '0')}-01`
  if (p.length === 4) return [first(year, 1), first(year + 1, 1)]
  if (p[5] === 'Q') return [first(year, Number(p[6]) * 3 - 2), first(year, Number(p[6]) * 3 + 1)]
  return [first(year, Number(p.slice(5))), first(year, Number(p.slice(5)) + 1)]
}
export const previousYear = (p: string) => p.replace(/\d{4}(?=-|$|\.)/g, y => String(Number(y) - 1))

export function fileSize(n: number) {
  return n < 1024 * 1024 ? `${Math.max(1, Math.round(n / 1024))} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`
}

/** Where a record belongs, as the board writes it: street / community. */
/** A zone stands where a rule says street. */
export const typeFits = (types: readonly string[] | undefined, type: string) =>
  !types?.length || types.includes(type) || (type === 'zone' && types.includes('street'))
/** English counts one thing in the singular; the pack's units are plural words. */
export function unitWord(word: string, display: string, lang: Lang): string {
  if (lang !== 'en' || display !== '1') return word
  const [first = '', ...rest] = word.split(' ')
  const one = first === 'people' ? 'person' : first.replace(/(ch|sh|x)es$/, '$1').replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
  return [one, ...rest].join(' ')
}
export const place = (u: { name: string; short?: string }) => (u.short || u.name).replace(/\s*\/\s*/g, ' / ')
