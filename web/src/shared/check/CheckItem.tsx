import type { ReactNode } from 'react'
import { typedCount } from '../format'
import { Icon, type IconName } from '../Icon'
import { answerOf } from './answers'
import type { Given, Item } from './types'
import { useI18n } from './texts'

/** How photos are taken is the business of the pages around. */
export type Photos = (value: string[], onChange: (next: (was: string[]) => string[]) => void) => ReactNode
type Props = { item: Item; given: Given | undefined; wrong: boolean; joins: boolean; say: (p: Partial<Given>) => void; photos: Photos }

/** One item: a line, and only what is wrong opens. */
export function CheckItem({ item: i, given: a, wrong, joins, say, photos }: Props) {
  const { m, l } = useI18n()
  const kind = answerOf(i)
  const value = a?.value ?? ''
  const choices: [string, string, IconName][] = [['yes', m.check.yes, 'check'], ['no', m.check.no, 'close']]
  if (i.na !== false) choices.push(['na', m.check.na, 'minus'])
  const phrases = a?.phrases ?? []
  // A number nobody has given yet is blank: nought is an answer.
  const step = (name: string, given: number | undefined, put: (n: number) => void, max = 100_000) => {
    const at = given ?? 0
    return (
    <div className="check-step" role="group" aria-label={name}>
      <button type="button" aria-label="−" disabled={given === 0} onClick={() => put(Math.max(0, at - 1))}>
        <Icon name="minus" />
      </button>
      <input inputMode="numeric" aria-label={name} value={given === undefined ? '' : String(given)} onChange={e => put(Math.min(max, typedCount(e.target.value, at)))} />
      <button type="button" aria-label="+" disabled={at >= max} onClick={() => put(Math.min(max, at + 1))}>
        <Icon name="plus" />
      </button>
    </div>
    )
  }
  return (
    <div className={wrong ? 'check-item wrong' : 'check-item'} data-item={i.key}>
      <div className="check-line">
        <p className="grow">
          {l(i.ask)}
          {i.rule && <span className="faint small check-rule">{l(i.rule)}</span>}
        </p>
        {kind === 'yes-no' && (
          <div className="check-answer" role="group" aria-label={l(i.ask)}>
            {choices.map(([v, title, icon]) => (
              <button key={v} type="button" className={v === 'na' ? 'none' : v} aria-pressed={value === v} onClick={() => say({ value: value === v ? '' : v })}>
                <Icon name={icon} />
                {title}
              </button>
            ))}
          </div>
        )}
      </div>
      {kind === 'choice' && (
        <div className="check-chips" role="group" aria-label={l(i.ask)}>
          {i.options?.map(o => (
            <button key={o.key} type="button" className="tap" aria-pressed={value === o.key} onClick={() => say({ value: value === o.key ? '' : o.key })}>
              {l(o.title)}
            </button>
          ))}
          {i.na !== false && (
            <button type="button" className="tap" aria-pressed={value === 'na'} onClick={() => say({ value: value === 'na' ? '' : 'na' })}>
              {m.check.na}
            </button>
          )}
        </div>
      )}
      {kind === 'share' && (
        <div className="check-share">
          <label>
            {m.check.asked}
            {step(m.check.asked, a?.of, n => say({ of: n, value: '', ...(a?.part === undefined ? {} : { part: Math.min(a.part, n) }) }))}
          </label>
          <label>
            {m.check.right}
            {step(m.check.right, a?.part, n => say({ part: n, of: a?.of || i.of || n, value: '' }), a?.of || i.of || 100_000)}
          </label>
          {(a?.of ?? 0) > 0 && a?.part !== undefined && <b>{`${a.part} / ${a.of}`}</b>}
        </div>
      )}
      {kind === 'number' && (
        <div className="check-share">
          <input className="input check-number" inputMode="numeric" aria-label={l(i.ask)} value={value} onChange={e => say({ value: e.target.value.replace(/[^\d-]/g, '') })} />
          {i.unit && <span className="muted">{l(i.unit)}</span>}
        </div>
      )}
      {kind === 'text' && <textarea className="input" rows={2} maxLength={500} aria-label={l(i.ask)} value={value} onChange={e => say({ value: e.target.value })} />}
      {wrong && (
        <div className="check-wrong">
          {i.phrases && i.phrases.length > 0 && (
            <div className="check-chips" role="group" aria-label={m.check.phrases}>
              {i.phrases.map(p => (
                <button key={p.key} type="button" className="tap" aria-pressed={phrases.includes(p.key)} onClick={() => say({ phrases: phrases.includes(p.key) ? phrases.filter(k => k !== p.key) : [...phrases, p.key] })}>
                  {l({ zh: p.zh, en: p.en || p.zh })}
                </button>
              ))}
            </div>
          )}
          {i.count && (
            <div className="row">
              {step(m.check.count, a?.count ?? 0, count => say({ count }))}
              <span>{l(i.count)}</span>
            </div>
          )}
          {photos(a?.photos ?? [], next => say({ photos: next(a?.photos ?? []) }))}
          <input className="input" aria-label={m.check.words} placeholder={m.check.words} maxLength={500} value={a?.words ?? ''} onChange={e => say({ words: e.target.value })} />
          {joins && (
            <label className="row small">
              <input type="checkbox" className="check" checked={a?.another ?? false} onChange={e => say({ another: e.target.checked })} />
              {m.check.another}
            </label>
          )}
        </div>
      )}
    </div>
  )
}
