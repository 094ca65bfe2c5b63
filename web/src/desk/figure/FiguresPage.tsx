import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { get } from '../../api/client'
import { fixed, longTime, periodName, unitWord } from '../../shared/format'
import { Spark } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { useHotkeys, useScope, useTitle, useUrl } from '../ui/hooks'
import type { CatalogueItem } from './types'
import { useBeforeText } from './words'
import { useI18n } from './texts'
import './figures.css'

/** Every figure there is, by group, with its value for the chosen unit and period. */
export default function FiguresPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.figures.title)
  const { unit, period, unitName } = useScope()
  const [search, set] = useUrl()
  const q = (search.q ?? '').trim().toLowerCase()
  const query = useQuery({
    queryKey: ['figure', 'catalogue', unit, period],
    queryFn: ({ signal }) => get('/figure-catalogue', { unit, period }, signal),
    placeholderData: keepPreviousData,
  })
  useHotkeys({ '/': () => document.getElementById('figures-q')?.focus() })
  const groups = useMemo(() => {
    const out: { title: string; items: CatalogueItem[] }[] = []
    for (const f of query.data?.items ?? []) {
      if (q && ![f.title.zh, f.title.en, f.key, ...f.names].some(t => t.toLowerCase().includes(q))) continue
      const title = l(f.group)
      const last = out[out.length - 1]
      if (last?.title === title) last.items.push(f)
      else out.push({ title, items: [f] })
    }
    return out
  }, [query.data, q, l])
  const shown = groups.reduce((n, g) => n + g.items.length, 0)
  return (
    <div className="page figures-page">
      <PhoneScope />
      <header>
        <h1>{m.figures.title}</h1>
        <span className="faint small">{m.figures.count({ n: shown })}</span>
        <span className="grow" />
        <label className="figures-find">
          <span className="unseen">{m.figures.search}</span>
          <span className="input">
            <Icon name="search" />
            <input id="figures-q" type="search" value={search.q ?? ''} placeholder={m.figures.search} onChange={e => set({ q: e.target.value || undefined }, { replace: true })} />
          </span>
        </label>
      </header>
      <p className="muted">{m.figures.lead({ unit: unitName, period: periodName(period, lang) })}</p>
      <Loaded query={query} rows={9}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.figures.empty}>
              {m.figures.emptyHint}
            </State>
          ) : shown === 0 ? (
            <State
              kind="nomatch"
              title={m.figures.none({ q: search.q ?? '' })}
              actions={
                <button type="button" className="btn" onClick={() => set({ q: undefined })}>
                  {m.common.clear}
                </button>
              }
            >
              {m.figures.noneHint}
            </State>
          ) : (
            <div style={query.isPlaceholderData ? { opacity: 0.5 } : undefined}>
              {groups.map(g => (
                <section key={g.title} aria-label={g.title}>
                  <h2>{g.title}</h2>
                  <ul className="figures-list">
                    {g.items.map(f => (
                      <Item key={f.key} f={f} />
                    ))}
                  </ul>
                </section>
              ))}
              <p className="faint small gap-4">{m.common.asOf({ t: longTime(d.as_of, lang) })}</p>
            </div>
          )
        }
      </Loaded>
    </div>
  )
}

function Item({ f }: { f: CatalogueItem }) {
  const { m, l, lang } = useI18n()
  const changed = useBeforeText()
  const share = f.part !== null && f.of !== null && (f.measure === 'ratio' || f.measure === 'coverage' || f.measure === 'mean')
  return (
    <li>
      <Link className="figures-name" to="/figures/$key" params={{ key: f.key }} search={{}} data-figure={f.key}>
        {l(f.title)}
      </Link>
      <p className="figures-def faint small">{l(f.definition)}</p>
      <p className="figures-val num">
        <b data-testid="figure-value">{f.unrecorded ? '' : f.undefined ? '—' : f.display}</b>{' '}
        <span className="faint small">{f.unrecorded ? m.figure.unrecorded : unitWord(l(f.unit_of), f.display, lang)}</span>
        {share && !f.unrecorded && (
          <span className="faint small figures-of">
            {fixed(f.part!, 0, lang)} / {fixed(f.of!, 0, lang)}
          </span>
        )}
      </p>
      <p className="figures-was num">
        {f.before ? (
          <>
            <span className="faint small">{m.figures.before} </span>
            {f.before.display}
            <span className="faint small figures-of">{changed(f.before, f.decimals)}</span>
          </>
        ) : (
          <span className="faint small">{m.figure.noneBefore}</span>
        )}
      </p>
      <span className="figures-spark">
        {f.months.length > 1 && <Spark values={f.months.map(v => v ?? 0)} partialLast={f.partial} label={m.figure.monthLabel({ title: l(f.title) })} />}
      </span>
    </li>
  )
}
