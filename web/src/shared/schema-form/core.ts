import { isDay, parseFixed, plain } from '../format'
import type { Lang, Messages } from '../i18n'

/** A kind's field as the forms know it; the API's Field fits. */
export type FormField = {
  key: string
  type:
    | 'date'
    | 'text'
    | 'long-text'
    | 'count'
    | 'number'
    | 'weight'
    | 'money'
    | 'choice'
    | 'ref'
    | 'unit'
    | 'person'
    | 'photo'
    | 'file'
    | 'bool'
    | 'group'
    | 'geo'
  title: { zh: string; en: string }
  required: boolean
  decimals: number
  unit?: { zh: string; en: string }
  min?: number
  max?: number
  basis?: string[]
  fields?: FormField[]
}
export type DraftValue = string | number | boolean | string[] | { lat: string; lon: string } | Draft[] | undefined
/** What is on screen: numbers and coordinates as typed, the rest as sent. */
export type Draft = { [key: string]: DraftValue }
/** What is sent. */
export type Sent = { [key: string]: unknown }
export type Fault = { pointer: string; message: string }

const numeric = new Set(['count', 'number', 'weight', 'money'])
export const isNumeric = (f: FormField) => numeric.has(f.type)

/** Weight is stored in grams and shown in kilograms, money in fen and shown in yuan. */
export function scaleOf(f: FormField): number {
  if (f.type === 'weight') return 3
  if (f.type === 'money') return 2
  return f.type === 'count' ? 0 : f.decimals
}

/** The unit beside a number: weights are always kilograms, whatever a figure made of them is written in. */
export function unitOf(f: FormField, m: Messages, lang: Lang): string {
  return f.type === 'weight' ? m.common.kg : f.unit ? f.unit[lang] || f.unit.zh : ''
}

/** What was typed as the integer that is sent. A percent sign says nothing where the field counts in percent. */
export function numberOf(f: FormField, text: string, decimals = scaleOf(f)): number | null {
  const share = f.type !== 'weight' && f.type !== 'money' && (f.unit?.zh === '%' || f.unit?.zh === '％')
  return parseFixed(share ? text.replace(/\s*[%％﹪]\s*$/, '') : text, decimals)
}
/** Digits that commas or blanks cut otherwise than into groups of three. */
const cut = (f: FormField, text: string) => /[,，\s]/.test(text.trim()) && numberOf(f, text.replace(/[,，\s]/g, ''), 9) !== null

export function toDraft(fields: FormField[], values: Sent): Draft {
  const d: Draft = {}
  for (const f of fields) {
    const v = values[f.key]
    if (v === undefined || v === null) continue
    if (isNumeric(f)) {
      d[f.key] = plain(v as number, scaleOf(f))
      const basis = values[`${f.key}.basis`]
      if (typeof basis === 'string') d[`${f.key}.basis`] = basis
    } else if (f.type === 'geo') {
      const g = v as { lat: number; lon: number }
      d[f.key] = { lat: plain(g.lat, 7), lon: plain(g.lon, 7) }
    } else if (f.type === 'group') d[f.key] = (v as Sent[]).map(row => toDraft(f.fields ?? [], row))
    else d[f.key] = v as DraftValue
  }
  return d
}

const empty = (v: DraftValue) =>
  v === undefined ||
  v === '' ||
  (Array.isArray(v) && v.length === 0) ||
  (typeof v === 'object' && !Array.isArray(v) && !v.lat.trim() && !v.lon.trim()) ||
  (typeof v === 'string' && !v.trim())

/** How a number was come by: as chosen, else the only way there is, else by counting. */
export const basisOf = (f: FormField, draft: Draft) =>
  (draft[`${f.key}.basis`] as string | undefined) || (f.basis?.length === 1 ? f.basis[0] : f.basis?.includes('counted') ? 'counted' : undefined)

/** Drops what is empty: an absent key and a blank one mean the same. Faulty numbers are left out too; validate names them. */
export function fromDraft(fields: FormField[], draft: Draft): Sent {
  const out: Sent = {}
  for (const f of fields) {
    const v = draft[f.key]
    if (empty(v)) continue
    if (isNumeric(f)) {
      const n = numberOf(f, String(v))
      if (n === null) continue
      out[f.key] = n
      const basis = basisOf(f, draft)
      if (f.basis?.length && basis) out[`${f.key}.basis`] = basis
    } else if (f.type === 'geo') {
      const g = v as { lat: string; lon: string }
      const lat = parseFixed(g.lat, 7),
        lon = parseFixed(g.lon, 7)
      if (lat !== null && lon !== null) out[f.key] = { lat, lon }
    } else if (f.type === 'group') {
      const rows = (v as Draft[]).map(row => fromDraft(f.fields ?? [], row)).filter(row => Object.keys(row).length)
      if (rows.length) out[f.key] = rows
    } else out[f.key] = typeof v === 'string' ? v.trim() : v
  }
  return out
}

/** At most one fault per field, in screen order, in words that name the field and the cure. */
export function validate(fields: FormField[], draft: Draft, m: Messages, lang: Lang, at = '/values'): Fault[] {
  const faults: Fault[] = []
  const e = m.form.err
  for (const f of fields) {
    const v = draft[f.key]
    const name = f.title[lang] || f.title.zh
    const fault = (message: string, suffix = '') => faults.push({ pointer: `${at}/${f.key}${suffix}`, message })
    const unit = unitOf(f, m, lang) && (lang === 'en' ? ' ' : '') + unitOf(f, m, lang)
    if (empty(v)) {
      if (f.required)
        fault(['choice', 'ref', 'unit', 'person', 'photo', 'file', 'date'].includes(f.type) ? e.choose({ f: name }) : e.required({ f: name }))
      else if ((f.type === 'photo' || f.type === 'file') && f.min) fault(e.minItems({ f: name, n: f.min }))
      continue
    }
    if (isNumeric(f)) {
      const scale = scaleOf(f)
      const text = String(v)
      const n = numberOf(f, text)
      if (n === null && numberOf(f, text, 9) !== null) fault(e.decimals({ f: name, n: scale }))
      else if (n === null) fault(cut(f, text) ? e.groups({ f: name, v: text.trim() }) : e.number({ f: name }))
      else if (f.min !== undefined && n < f.min) fault(e.min({ f: name, v: plain(f.min, scale) + unit }))
      else if (f.max !== undefined && n > f.max) fault(e.max({ f: name, v: plain(f.max, scale) + unit }))
      else if (f.basis?.length && !basisOf(f, draft)) fault(e.basis({ f: name }), '.basis')
    } else if (f.type === 'date') {
      if (!isDay(String(v))) fault(e.date({ f: name }))
    } else if (f.type === 'text' || f.type === 'long-text') {
      const length = [...String(v).trim()].length
      if (f.min !== undefined && length < f.min) fault(e.minLen({ f: name, n: f.min }))
      else if (f.max !== undefined && length > f.max) fault(e.maxLen({ f: name, n: f.max }))
    } else if (f.type === 'photo' || f.type === 'file') {
      const n = (v as string[]).length
      if (f.min !== undefined && n < f.min) fault(e.minItems({ f: name, n: f.min }))
      else if (f.max !== undefined && n > f.max) fault(e.maxItems({ f: name, n: f.max }))
    } else if (f.type === 'geo') {
      const g = v as { lat: string; lon: string }
      const lat = parseFixed(g.lat, 7),
        lon = parseFixed(g.lon, 7)
      if (lat === null || lon === null || Math.abs(lat) > 90e7 || Math.abs(lon) > 180e7) fault(e.geo)
    } else if (f.type === 'group') {
      ;(v as Draft[]).forEach((row, i) => faults.push(...validate(f.fields ?? [], row, m, lang, `${at}/${f.key}/${i}`)))
    }
  }
  return faults
}

export const pointerId = (pointer: string) => `f${pointer.replace(/[^\w]/g, '-')}`
/** The field a server's pointer speaks about: /values/audience.basis and /values/audience are one. */
export const samePointer = (a: string, b: string) => a === b || a === `${b}.basis` || a.startsWith(`${b}/`)
