import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Field, Kind, Values } from '../../api/answers'
import { fixed } from '../../shared/format'
import { scaleOf, unitOf } from '../../shared/schema-form/core'
import { geoText } from '../ui/Photos'
import { useI18n } from './texts'

type Geo = { lat: number; lon: number }
const numeric = ['count', 'number', 'weight', 'money']
export const isNumber = (f: Field) => numeric.includes(f.type)
export const isBlob = (f: Field) => f.type === 'photo' || f.type === 'file'

/** A value as a person reads it. */
export function useFieldText() {
  const { m, l, lang } = useI18n()
  return (f: Field, values: Values, labels: { [k: string]: string }): string => {
    const v = values[f.key]
    if (v === undefined || v === null || v === '') return ''
    if (f.type === 'weight') return fixed(v as number, 3, lang).replace(/\.?0+$/, '')
    if (isNumber(f)) return fixed(v as number, scaleOf(f), lang)
    switch (f.type) {
      case 'choice':
        return labels[f.key] ?? l(f.options?.find(o => o.key === v)?.title) ?? String(v)
      case 'ref':
      case 'unit':
      case 'person':
        return labels[f.key] ?? String(v)
      case 'bool':
        return v ? m.common.yes : m.common.no
      case 'photo':
      case 'file':
        return String((v as string[]).length)
      case 'geo':
        return geoText((v as Geo).lat, (v as Geo).lon)
      case 'group':
        return String((v as Values[]).length)
      default:
        return String(v)
    }
  }
}
export function basisText(f: Field, values: Values, m: { counted: string; estimated: string }): string {
  const b = values[`${f.key}.basis`]
  return b === 'estimated' ? m.estimated : b === 'counted' ? m.counted : ''
}

export function useFieldValue() {
  const { m, l, lang } = useI18n()
  const text = useFieldText()
  const show = (f: Field, values: Values, labels: { [k: string]: string }): ReactNode => {
    const v = values[f.key]
    if (v === undefined) return <span className="faint">{m.common.none}</span>
    if (isNumber(f)) {
      const basis = basisText(f, values, m.ledger)
      return (
        <>
          <b>{text(f, values, labels)}</b> {unitOf(f, m, lang)}
          {basis && <span className="muted">{lang === 'en' ? `, ${basis}` : `\uff0c${basis}`}</span>}
        </>
      )
    }
    if (f.type === 'ref')
      return (
        <Link to="/entry/$id" params={{ id: String(v) }} search={{}}>
          {labels[f.key] ?? String(v)}
        </Link>
      )
    if (f.type === 'group') {
      return (
        <table className="grp-table">
          <thead>
            <tr>
              {f.fields?.map(x => (
                <th key={x.key} className={isNumber(x) ? 'num' : ''}>
                  {l(x.title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(v as Values[]).map((row, i) => (
              <tr key={i}>
                {f.fields?.map(x => (
                  <td key={x.key} className={isNumber(x) ? 'num' : ''}>
                    {text(x, row, groupLabels(labels, f.key, i))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )
    }
    if (f.type === 'long-text') return <span style={{ whiteSpace: 'pre-wrap' }}>{String(v)}</span>
    return text(f, values, labels)
  }
  return show
}
/** Labels of a group's row come as members.0.person or members/0/person. */
function groupLabels(labels: { [k: string]: string }, key: string, row: number) {
  const out: { [k: string]: string } = {}
  for (const [k, v] of Object.entries(labels)) {
    const parts = k.split(/[./]/)
    if (parts[0] === key && parts[1] === String(row) && parts[2]) out[parts[2]] = v
  }
  return out
}

/** The fields a list has room for: what is counted first, then what it is. */
export function listFields(kind: Kind): Field[] {
  const dates = [kind.day, kind.from, kind.until, kind.title_field]
  const rest = kind.fields.filter(f => !dates.includes(f.key))
  const choice = rest.find(f => f.type === 'choice')
  const numbers = rest.filter(isNumber).slice(0, 2)
  const ref = rest.find(f => f.type === 'ref')
  const text = numbers.length < 2 && !choice ? rest.find(f => f.type === 'text') : undefined
  return [choice, ref && !choice ? ref : undefined, ...numbers, text].filter((f): f is Field => !!f).slice(0, 3)
}
