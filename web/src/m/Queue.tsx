import { useState } from 'react'
import { shortDay } from '../shared/format'
import { Icon } from '../shared/Icon'
import { StatusMark } from '../shared/Mark'
import { saveExport } from './export'
import { dayOf, go, hourOf, useNow, useStore, useWay } from './hooks'
import { Acts, Sheet, size, Tabs, Top, WayBar } from './parts'
import { nextTry, retry, retryPhoto, sync } from './send'
import { anchor, changed, dropRecord, isOpen, queue, store, type Item, type Photo } from './store'
import { useI18n } from './texts'

type Line = { item: Item; photos: Photo[] }

/** What the phone has of everything that was done, the latest first. */
export const useLines = () =>
  useStore(async (): Promise<Line[]> => {
    const db = await store()
    const photos = new Map((await db.getAll('photos')).map(p => [p.sha, p]))
    return (await queue()).reverse().map(item => ({ item, photos: item.photos.map(s => photos.get(s)).filter(p => !!p) }))
  })

/** The lines of one record: itself, and its photos. */
export function Lines({ lines, short }: { lines: Line[]; short?: boolean }) {
  const { m } = useI18n()
  const [open, setOpen] = useState<Item | null>(null)
  const [photo, setPhoto] = useState<Photo | null>(null)
  const day = dayOf(useNow())
  const what = (x: Item) => (x.op.kind === 'visit' ? m.field.record : x.op.kind === 'miss' ? m.field.missRecord : m.field.stepRecord)
  return (
    <ul className="field-queue" data-testid="queue">
      {lines.flatMap(({ item: x, photos }) => [
        <li key={x.id} className={x.state === 'needs' ? 'needs' : undefined} data-state={x.state}>
          <button type="button" className="field-row" onClick={() => (isOpen(x) && x.state === 'needs' ? setOpen(x) : x.op.kind === 'visit' ? go('sent', { id: x.id }) : setOpen(x))}>
            <span className="grow">
              <b>
                {x.title}　{what(x)}
              </b>
              <small>{x.state === 'needs' ? x.why : x.taken ? m.field.receivedAt({ t: `${shortDay(dayOf(x.taken.at), day)} ${hourOf(x.taken.at)}` }) : `${shortDay(dayOf(x.at), day)} ${hourOf(x.at)}`}</small>
            </span>
            <StatusMark mark={x.state === 'needs' ? 'late' : x.state === 'waiting' ? 'wait' : x.state === 'look' ? 'wait' : 'ok'}>{m.field[x.state]}</StatusMark>
          </button>
        </li>,
        ...photos
          .map((p, i) => ({ p, i }))
          .filter(({ p }) => !short || !p.whole)
          .map(({ p, i }) => (
            <li key={`${x.id} ${p.sha}`} className={p.why ? 'needs' : undefined} data-state={p.why ? 'needs' : p.whole ? 'sent' : 'waiting'} data-photo={p.sha}>
              <button type="button" className="field-row" disabled={!p.why} onClick={() => setPhoto(p)}>
                <span className="grow">
                  <b>
                    {x.title}　{m.field.photoN({ a: i + 1 })}
                  </b>
                  <small>{p.why ?? (p.whole || p.sent === 0 ? size(p.bytes.byteLength) : m.field.photoPart({ a: size(p.bytes.byteLength), b: Math.floor((100 * p.sent) / p.bytes.byteLength) }))}</small>
                </span>
                <StatusMark mark={p.why ? 'late' : p.whole ? 'ok' : 'wait'}>{p.why ? m.field.needs : p.whole ? m.field.sent : m.field.waiting}</StatusMark>
              </button>
            </li>
          )),
      ])}
      {open && <Needs x={open} onClose={() => setOpen(null)} />}
      {photo && (
        <Sheet title={m.field.needs} onClose={() => setPhoto(null)}>
          <p>{photo.why}</p>
          <button type="button" className="field-btn main" onClick={() => void retryPhoto(photo.sha).then(() => setPhoto(null))}>
            {m.field.retry}
          </button>
          <Drop act={async () => (await store()).delete('photos', photo.sha)} onDone={() => setPhoto(null)} />
        </Sheet>
      )}
    </ul>
  )
}

/** What a person can do about a record that was refused: try again, say the day, export, delete. Nothing is dropped by itself. */
function Needs({ x, onClose }: { x: Item; onClose: () => void }) {
  const { m } = useI18n()
  const now = useNow()
  const [day, setDay] = useState(dayOf(now))
  const from = useStore(anchor)
  const clock = x.code === 'field.clock'
  return (
    <Sheet title={`${x.title}　${m.field[x.state]}`} onClose={onClose}>
      {x.why && <p>{x.why}</p>}
      {x.taken?.say.map(s => <p key={s.zh}>{s.zh}</p>)}
      {clock && (
        <label className="field-label">
          {m.field.dayAsk}
          <input type="date" className="input" value={day} min={from?.server ? dayOf(from.server) : undefined} onChange={e => setDay(e.target.value)} />
        </label>
      )}
      {isOpen(x) && (
        <>
          <button type="button" className="field-btn main" disabled={clock && !day} onClick={() => void retry(x, clock ? day : undefined).then(onClose)}>
            {clock ? m.field.daySend : m.field.retry}
          </button>
          <Drop
            act={() => dropRecord(x)}
            onDone={onClose}
          />
        </>
      )}
    </Sheet>
  )
}

function Drop({ act, onDone }: { act: () => Promise<void>; onDone: () => void }) {
  const { m } = useI18n()
  const [sure, setSure] = useState(false)
  if (!sure)
    return (
      <div className="field-two">
        <button type="button" className="field-btn middle" onClick={() => void saveExport()}>
          <Icon name="download" size={20} />
          {m.field.exportAll}
        </button>
        <button type="button" className="field-btn middle" onClick={() => setSure(true)}>
          {m.field.drop}
        </button>
      </div>
    )
  return (
    <>
      <p className="late">{m.field.dropAsk}</p>
      <button
        type="button"
        className="field-btn danger"
        onClick={() =>
          void act().then(() => {
            changed()
            onDone()
          })
        }
      >
        {m.field.dropSure}
      </button>
    </>
  )
}

/** When what waits is tried again; the bar on top says why it waits. */
export function When() {
  const { m } = useI18n()
  const next = nextTry()
  const now = useNow()
  const way = useWay()
  return way === 'open' || next <= now ? null : <span>{m.field.tryAt({ t: hourOf(next) })}</span>
}

/** 本机: all that this phone holds. */
export function QueuePage() {
  const { m } = useI18n()
  const lines = useLines()
  const drafts = useStore(async () => (await (await store()).getAll('drafts')).sort((a, b) => b.at - a.at))
  const [said, setSaid] = useState('')
  const waiting = (lines ?? []).filter(l => isOpen(l.item) || l.photos.some(p => !p.whole))
  return (
    <div className="field">
      <Top title={m.field.phone} />
      <WayBar />
      <main className="field-main">
        {drafts && drafts.length > 0 && (
          <>
            <h2 className="field-head">{m.field.drafts}</h2>
            <ul className="field-queue">
              {drafts.map(d => (
                <li key={d.key}>
                  <button type="button" className="field-row" onClick={() => go('at', { key: d.place, form: d.form })}>
                    <span className="grow">
                      <b>{d.title}</b>
                      <small>{hourOf(d.at)}</small>
                    </span>
                    <StatusMark mark="draft">{m.check.draft}</StatusMark>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        <h2 className="field-head">
          {m.field.onPhone({ n: waiting.length })} {waiting.length === 0 ? <span>{m.field.allSent}</span> : <When />}
        </h2>
        {lines && <Lines lines={lines} />}
        {said && (
          <p className="field-note" role="status">
            {said}
          </p>
        )}
      </main>
      <Acts tabs>
        <div className="field-two">
          <button type="button" className="field-btn" onClick={() => void saveExport().then(ok => setSaid(ok ? m.field.exported : m.field.exportNone))}>
            <Icon name="download" size={20} />
            {m.field.exportAll}
          </button>
          <button type="button" className="field-btn main" disabled={waiting.length === 0} onClick={() => void sync()}>
            {m.field.sendNow}
          </button>
        </div>
      </Acts>
      <Tabs at="phone" />
    </div>
  )
}
