import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { GoTo } from '../ui/GoTo'
import { RecordLink } from '../ui/RecordLink'
import { useList } from '../ui/manifest'
import { Link, useParams } from '@tanstack/react-router'
import { get } from '../../api/client'
import { fixed, longTime, periodName, place, shortDay, unitWord } from '../../shared/format'
import { Figure } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { Table } from '../ui/Table'
import { Where } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUnits, useUrl } from '../ui/hooks'
import { AgainstPlan } from './AgainstPlan'
import { Compare } from './Compare'
import { Composition, NotDone } from './Parts'
import { Trend } from './Trend'
import { UnitMap } from './UnitMap'
import { Units } from './Units'
import type { FigurePage as Page, FigureTerm } from './types'
import { useBeforeText } from './words'
import { useI18n } from './texts'
import './figures.css'

/** One figure of one unit and period, down to its records. */
export default function FigurePage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const { m, l } = useI18n()
  const { unit, period } = useScope()
  const [search] = useUrl()
  const by = search.by === 'year' || search.by === 'quarter' ? search.by : 'month'
  const query = useQuery({
    queryKey: ['figure', 'page', key, unit, period, by],
    queryFn: ({ signal }) => get('/figures/{key}/page', { key, unit, period, by }, signal),
    placeholderData: keepPreviousData,
  })
  const p = query.data
  useTitle(p ? `${l(p.title)} · ${m.figures.title}` : m.figures.title)
  return (
    <div className="page figure-page">
      <PhoneScope />
      <Loaded query={query} rows={9}>
        {x => (
          <div style={query.isPlaceholderData ? { opacity: 0.5 } : undefined} aria-busy={query.isPlaceholderData}>
            <Body page={x} />
          </div>
        )}
      </Loaded>
    </div>
  )
}

function Body({ page: p }: { page: Page }) {
  const { m, l, lang } = useI18n()
  const changed = useBeforeText()
  const me = useMe()
  const { data: units } = useUnits()
  const mine = units?.find(u => u.id === p.unit.id)
  const above = mine?.parent ? units?.find(u => u.id === mine.parent) : undefined
  const word = unitWord(l(p.unit_of), p.display, lang)
  const terms = p.part !== null && p.of !== null
  return (
    <>
      <Where>
        {above && (
          <Link to="/figures/$key" params={{ key: p.key }} search={(old: object) => ({ ...old, unit: above.id })}>
            {m.figures.up({ name: above.name })}
          </Link>
        )}
      </Where>
      <header>
        <h1>{l(p.title)}</h1>
        <span className="muted">
          {p.unit.name}
          {m.common.sep}
          {periodName(p.period, lang)}
        </span>
      </header>
      <div className="figure-head">
        <p className="big" data-testid="page-value">
          {p.unrecorded ? m.figure.unrecorded : p.undefined ? '—' : p.display}
          {!p.unrecorded && <small>{word}</small>}
        </p>
        {terms && p.terms.length === 0 && (
          <p className="muted" data-testid="page-terms">
            {fixed(p.part!, 0, lang)} / {fixed(p.of!, 0, lang)}
          </p>
        )}
        <p className="figure-was">
          {p.before ? (
            <>
              <span className="faint">{m.figures.before}</span>{' '}
              <Figure figure={{ key: p.key, title: p.title, display: p.before.display }} unit={p.unit.id} period={p.before.period} />{' '}
              <b>{changed(p.before, p.decimals)}</b>
            </>
          ) : (
            <span className="faint">{m.figure.noneBefore}</span>
          )}
        </p>
        {p.estimated > 0 && (
          <p className="muted">
            {m.figure.estimated({ v: fixed(p.estimated, p.decimals, lang) })} {l(p.unit_of)}
          </p>
        )}
      </div>
      {p.unrecorded && <p className="muted">{m.figure.unrecordedHint}</p>}
      {p.undefined && !p.unrecorded && <p className="muted">{m.figures.undefined}</p>}
      <p className="muted figure-def">
        {l(p.definition)}
        {p.source && <span className="faint"> {m.figure.source({ s: l(p.source) })}</span>}
      </p>
      <AgainstPlan page={p} />
      {p.terms.length > 0 && <Terms page={p} />}
      {p.used_by.length > 0 && (
        <p className="small faint row wrap figure-used">
          {m.figures.usedBy}
          {p.used_by.map(u => (
            <Link key={u.key} to="/figures/$key" params={{ key: u.key }} search={{}}>
              {l(u.title)}
            </Link>
          ))}
        </p>
      )}
      <Trend page={p} />
      <Units page={p} />
      <UnitMap page={p} />
      {p.measure === 'coverage' || p.measure === 'gap' ? <NotDone page={p} /> : p.fields.length > 0 && p.records_total > 0 && <Composition page={p} />}
      <Compare page={p} />
      {p.terms.length === 0 && can(me, 'ledger.read') && <Records page={p} />}
      <p className="faint small gap-4">
        {m.figures.version({ n: p.version })}
        {m.common.sep}
        {m.common.asOf({ t: longTime(p.as_of, lang) })}
      </p>
    </>
  )
}

/** Both terms of a ratio, or the operands of a formula: each leads to its own page. */
function Terms({ page: p }: { page: Page }) {
  const { m, l, lang } = useI18n()
  const changed = useBeforeText()
  const one = (t: FigureTerm) => (
    <li key={t.key}>
      {t.name && <code>{t.name}</code>}
      <Link to="/figures/$key" params={{ key: t.key }} search={(old: object) => ({ ...old, field: undefined })}>
        {l(t.title)}
      </Link>
      <b>
        {t.undefined ? '—' : t.display} <span className="faint small">{unitWord(l(t.unit_of), t.display, lang)}</span>
      </b>
      {t.before && (
        <span className="faint small">
          {m.figures.before} {t.before.display}
          {m.common.sep}
          {changed(t.before, t.decimals)}
        </span>
      )}
    </li>
  )
  return (
    <section className="figure-terms" aria-label={p.expr ? m.figures.operands : m.figures.terms}>
      <h2>{p.expr ? m.figures.formula : m.figures.terms}</h2>
      {p.expr && <code className="figure-expr">{p.expr}</code>}
      <ul>{p.terms.map(one)}</ul>
    </section>
  )
}

/** The latest records that count, and the way to all of them. */
function Records({ page: p }: { page: Page }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const { unit, period } = useScope()
  const list = useList(p.keeper, p.kind)
  return (
    <section className="figure-recs" aria-labelledby="fgp-recs">
      <header>
        <h2 id="fgp-recs">{m.figures.which}</h2>
        {p.records_total > 0 && <span className="faint small">{m.figures.whichLatest({ n: p.records.length, of: p.records_total })}</span>}
        <span className="grow" />
        {list && p.counted.records > 0 && (
          <GoTo className="btn" to={list({ unit, period, figure: p.key })}>
            {m.figures.openAll({ n: p.counted.records })}
          </GoTo>
        )}
      </header>
      {p.records.length === 0 ? (
        <p className="faint">
          {m.figures.noRecords}
          {m.common.stop}
          {m.figures.noRecordsHint}
        </p>
      ) : (
        <div className="figure-scroll">
          <Table
            className="figure-rows"
            label={m.figures.recordsTable}
            rows={p.records}
            id={r => r.id}
            columns={[
              { title: m.figures.day, className: 'nowrap', cell: r => shortDay(r.from, me.today) },
              {
                title: m.figures.subject,
                cell: r => (
                  <RecordLink keeper={p.keeper} id={r.id} link={r.link}>
                    {r.title || r.number}
                  </RecordLink>
                ),
              },
              { title: m.common.unit, className: 'muted', cell: r => place(r.unit) },
              { title: m.figures.number, className: 'faint nowrap', cell: r => r.number },
            ]}
          />
        </div>
      )}
      {p.outside > 0 && <p className="faint gap-2">{m.figure.outside({ n: p.outside })}</p>}
      {p.uncounted.length > 0 && (
        <p className="gap-2 in-text row wrap">
          <Icon name="clock" />
          {p.uncounted.map(u =>
            list ? (
              <GoTo key={u.why} to={list({ unit, period, state: u.why })}>
                {l(u.title)} {fixed(u.n, 0, lang)}
              </GoTo>
            ) : (
              <span key={u.why}>
                {l(u.title)} {fixed(u.n, 0, lang)}
              </span>
            ),
          )}
        </p>
      )}
    </section>
  )
}
