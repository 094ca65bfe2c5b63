import { lazy, Suspense, useState } from 'react'
import { longDay, shortDay } from '../shared/format'
import { Icon } from '../shared/Icon'
import { StatusMark } from '../shared/Mark'
import { forms, fetched, places, today } from './day'
import { dayOf, go, hourOf, useNow, useStore } from './hooks'
import { Acts, Sheet, Tabs, Top, WayBar } from './parts'
import { bus, enqueue, madeThere, nowThere, queue, type CaseRow, type Item, type Pocket, type TodayRow } from './store'
import { useI18n } from './texts'
import { uuid } from '../shared/uuid'

const Scan = lazy(() => import('./Scan'))

/** One line about an open problem: what waits for whom, overdue first. */
export function Problem({ c, day }: { c: CaseRow; day: string }) {
  const { m, l } = useI18n()
  const mark = c.late > 0 ? 'late' : 'wait'
  const word = c.late > 0 ? m.field.lateN({ n: c.late }) : c.stage === 'replied' ? m.field.replied : c.due ? m.field.dueOn({ d: shortDay(dayOf(c.due - 1), day) }) : ''
  return (
    <span className="field-problem">
      <StatusMark mark={mark}>{word}</StatusMark> <span>{l(c.title)}</span>
    </span>
  )
}

/** Where a place lies, without its own name. */
export const above = (path: string, name: string) => path.split('/').filter((x, i, all) => i < all.length - 1 || x.trim() !== name).join('/')

/** What became of a place on this phone today, before the district may have heard of it. */
const doneHere = (list: Item[], key: string, day: string) =>
  list.filter(x => (x.op.visit?.place === key || x.op.miss?.place === key) && dayOf(madeThere(x.op)) >= day).slice(-1)[0]

function Row({ n, name, street, lines, done, next, open }: { n: number; name: string; street: string; lines: React.ReactNode; done: boolean; next: boolean; open: () => void }) {
  return (
    <li>
      <button type="button" className={next ? 'field-place next' : 'field-place'} onClick={open}>
        <span className={done ? 'field-nth done' : 'field-nth'}>{done ? <Icon name="check" size={20} /> : n}</span>
        <span className="grow">
          <span className="field-name">
            {name} <small>{street}</small>
          </span>
          {lines}
        </span>
        {!done && <Icon name="right" size={20} />}
      </button>
    </li>
  )
}

export function Today() {
  const { m, lang, l } = useI18n()
  // Without a network the phone's own day may be another than that of what it holds.
  const now = dayOf(useNow())
  const part = useStore(today)
  const all = useStore(places)
  const list = useStore(queue)
  const got = useStore(fetched)
  const [miss, setMiss] = useState<TodayRow | null>(null)
  const [scan, setScan] = useState(false)
  const [find, setFind] = useState('')
  if (!part || !all || !list) return <div className="field" />
  const pocket = new Map(all.map(p => [p.key, p]))
  const here = (r: TodayRow) => doneHere(list, r.key, part.day)
  const isDone = (r: TodayRow) => r.outcome !== 'open' || !!here(r)
  const next = part.rows.find(r => !isDone(r))
  const lines = (r: TodayRow) => {
    const x = here(r)
    if (x?.op.miss || r.outcome === 'missed') return <span className="field-line">{m.field.missed}{x?.op.miss?.reason || r.reason ? `${m.common.colon}${x?.op.miss?.reason || r.reason}` : ''}</span>
    if (x) return <span className="field-line">{x.state === 'waiting' ? m.field.doneWaiting : x.state === 'needs' ? m.field.needs : m.field.doneSent}</span>
    if (r.outcome === 'done') return <span className="field-line">{m.field.doneSent}</span>
    const open = (pocket.get(r.key)?.open_cases ?? r.open_cases).filter(c => c.stage !== 'draft')
    if (open.length === 0) return <span className="field-line">{m.field.noOpen}</span>
    return (
      <>
        {open.slice(0, 3).map(c => (
          <Problem key={c.id} c={c} day={now} />
        ))}
        {open.length > 3 && <span className="field-line">{m.field.openN({ n: open.length })}</span>}
      </>
    )
  }
  const q = find.trim().toLowerCase()
  // The place of that very name first, then what begins so, places before their points.
  const rank = (p: Pocket) => (p.name.toLowerCase() === q ? 0 : p.name.toLowerCase().startsWith(q) ? 1 : 2) * 2 + (p.key.startsWith('point:') ? 1 : 0)
  const found = q ? all.filter(p => [p.name, p.unit.path, p.code ?? '', ...p.points.map(x => x.code ?? '')].some(t => t.toLowerCase().includes(q))).sort((a, b) => rank(a) - rank(b)) : []
  return (
    <div className="field">
      <Top title={m.field.todayN({ n: part.rows.length })} note={`${longDay(now, lang)}${part.rows[0] ? `　${part.rows[0].title}` : ''}`} />
      <WayBar />
      <main className="field-main">
        {got && got.day && got.day !== now && <p className="field-note">{m.field.stale({ d: longDay(got.day, lang) })}</p>}
        {got?.why && <p className="field-note">{m.field.forbidden}</p>}
        {all.length === 0 && !got?.why && <p className="field-note">{m.field.empty}</p>}
        {part.rows.length === 0 && all.length > 0 && (
          <p className="field-none">
            <b>{m.field.none}</b>
            <span>{m.field.noneHint}</span>
          </p>
        )}
        <ol className="field-places">
          {part.rows.map((r, i) => (
            <Row
              key={`${r.campaign} ${r.key}`}
              n={i + 1}
              name={r.name}
              street={above(r.path, r.name)}
              lines={lines(r)}
              done={isDone(r)}
              next={r === next}
              open={() => {
                const x = here(r)
                if (x) go('sent', { id: x.id })
                else if (r.outcome === 'open') go('at', { key: r.key, form: r.checklist, campaign: r.campaign })
              }}
            />
          ))}
        </ol>
        {next && (
          <p className="field-side">
            <button type="button" className="field-link" onClick={() => setMiss(next)}>
              {m.field.miss}
              {m.common.colon}
              {next.name}
            </button>
          </p>
        )}
        <label className="field-find">
          <span>{m.field.find}</span>
          <input className="input" type="search" placeholder={m.field.findHint} value={find} onChange={e => setFind(e.target.value)} />
        </label>
        {q && (
          <ul className="field-places">
            {found.slice(0, 20).map(p => (
              <li key={p.key}>
                <button type="button" className="field-place" onClick={() => go('at', { key: p.key })}>
                  <span className="grow">
                    <span className="field-name">
                      {p.name} <small>{above(p.unit.path, p.name)}</small>
                    </span>
                    <span className="field-line">{[p.open_cases.length > 0 ? m.field.openN({ n: p.open_cases.length }) : m.field.noOpen, p.last ? m.field.last({ d: shortDay(p.last, now) }) : m.field.never].join('　')}</span>
                  </span>
                  <Icon name="right" size={20} />
                </button>
              </li>
            ))}
            {found.length > 20 && <li className="field-note">{m.field.findMore({ n: found.length - 20 })}</li>}
            {found.length === 0 && <li className="field-note">{m.field.findNone}</li>}
          </ul>
        )}
        {got && (
          <p className="field-side">
            {m.field.fetched({ t: hourOf(got.at) })}
          </p>
        )}
      </main>
      <Acts tabs>
        <button type="button" className="field-btn main" onClick={() => setScan(true)}>
          <Icon name="scan" size={24} />
          {m.field.scan}
        </button>
      </Acts>
      <Tabs at="today" />
      {scan && (
        <Suspense>
          <Scan all={all} onClose={() => setScan(false)} />
        </Suspense>
      )}
      {miss && <MissSheet r={miss} title={l(miss.form)} onClose={() => setMiss(null)} />}
    </div>
  )
}

function MissSheet({ r, title, onClose }: { r: TodayRow; title: string; onClose: () => void }) {
  const { m } = useI18n()
  const [why, setWhy] = useState('')
  const put = async () => {
    await enqueue(
      { id: uuid(), title: r.name, note: m.field.missRecord, photos: [], found: [], counts: { fine: 0, na: 0, wrong: 0, items: 0 }, present: '' },
      { kind: 'miss', miss: { campaign: r.campaign, place: r.key, reason: why.trim() } },
      nowThere(),
    )
    bus.dispatchEvent(new Event('done'))
    onClose()
  }
  return (
    <Sheet title={`${m.field.missAsk}${m.common.colon}${r.name}`} onClose={onClose}>
      <p className="muted">{title}</p>
      <div className="check-chips">
        {m.field.missWhy.map(w => (
          <button key={w} type="button" className="tap" aria-pressed={why === w} onClick={() => setWhy(w)}>
            {w}
          </button>
        ))}
      </div>
      <textarea className="input" rows={2} maxLength={300} aria-label={m.field.missAsk} value={why} onChange={e => setWhy(e.target.value)} />
      <button type="button" className="field-btn main" disabled={why.trim().length < 2} onClick={() => void put()}>
        {m.common.confirm}
      </button>
    </Sheet>
  )
}

/** A place with what is open there, before one begins: which checklist, and what was begun already. */
export function formsAt(p: Pocket, all: Awaited<ReturnType<typeof forms>>) {
  return p.forms.map(k => all.forms.find(f => f.key === k)).filter(f => !!f)
}
