import { longDay, shortDay } from '../shared/format'
import { Icon } from '../shared/Icon'
import { StatusMark } from '../shared/Mark'
import { today } from './day'
import { saveExport } from './export'
import { dayOf, go, hourOf, usePicture, useNow, useRoute, useStore } from './hooks'
import { Acts, Top, WayBar } from './parts'
import { Lines, useLines, When } from './Queue'
import { isOpen, madeThere, store, type Item } from './store'
import { useI18n } from './texts'

function Picture({ sha }: { sha: string | undefined }) {
  const photo = useStore(async () => (sha ? (await store()).get('photos', sha) : undefined), sha)
  const at = usePicture(photo?.bytes, photo?.type)
  return at ? <img src={at} alt="" /> : <span className="field-blank" />
}

/** The report of a check: ready when one leaves, whether or not the district has heard of it. */
export function Sent() {
  const { m, l, lang } = useI18n()
  const { query } = useRoute()
  const lines = useLines()
  const part = useStore(today)
  const day = dayOf(useNow())
  if (!lines || !part) return <div className="field" />
  const line = lines.find(x => x.item.id === query.id)
  const x: Item | undefined = line?.item
  if (!x)
    return (
      <div className="field">
        <Top title={m.field.phone} onBack={() => go('', {}, true)} />
      </div>
    )
  const done = (key: string) => lines.some(y => (y.item.op.visit?.place === key || y.item.op.miss?.place === key) && dayOf(madeThere(y.item.op)) >= part.day)
  const next = part.rows.find(r => r.outcome === 'open' && !done(r.key))
  const waiting = lines.filter(y => isOpen(y.item) || y.photos.some(p => !p.whole))
  const taken = x.taken
  const rest = taken ? [...taken.found] : []
  return (
    <div className="field">
      <Top title={`${x.title}　${m.field.record}`} note={`${taken?.no ? `${taken.no}　` : ''}${longDay(dayOf(madeThere(x.op)), lang)} ${hourOf(madeThere(x.op))}`} onBack={() => go('', {}, true)} />
      <WayBar />
      <main className="field-main">
        <p className="field-sum">
          <b>{x.counts.wrong}</b>
          <span>{m.field.problems}</span>
          <span>{m.field.summary({ a: x.counts.fine, b: x.counts.na, c: x.counts.items - x.counts.fine - x.counts.na - x.counts.wrong })}</span>
        </p>
        {x.present && <p className="field-side">{m.field.presentWere({ t: x.present })}</p>}
        {taken?.say.map(s => (
          <p key={s.zh} className="field-note">
            {l(s)}
          </p>
        ))}
        <ul className="field-found">
          {x.found.map((f, i) => {
            // The district answers in the same order: what was wrong first, then what was looked at again.
            const got = rest[i]
            const due = got?.due ? m.field.due({ d: shortDay(dayOf(got.due - 1), day) }) : ''
            const mark = f.state === 'passed' ? 'ok' : got ? (f.state === 'failed' ? 'back' : 'wait') : 'draft'
            return (
              <li key={i}>
                {f.state === 'passed' && !f.sha ? (
                  <span className="field-blank fine">
                    <StatusMark mark="ok"> </StatusMark>
                  </span>
                ) : (
                  <Picture sha={f.sha} />
                )}
                <span className="grow">
                  <b>{f.state === 'wrong' ? (got ? l(got.title) || f.title : f.title) : `${f.title}${m.common.sep}${f.state === 'passed' ? m.field.passed : m.field.failed}`}</b>
                  <span>
                    {got
                      ? [got.state === 'joined' ? m.field.joined : l(got.instrument), got.round > 1 ? m.field.round({ n: got.round }) : '', f.state === 'passed' ? '' : due].filter(Boolean).join('　')
                      : f.state === 'passed'
                        ? m.field.passedLater
                        : f.state === 'failed'
                          ? m.field.failedLater
                          : ''}
                  </span>
                  <StatusMark mark={mark}>{got ? got.no || m.field.noted : m.field.noLater}</StatusMark>
                </span>
              </li>
            )
          })}
        </ul>
        <h2 className="field-head">
          {m.field.onPhone({ n: waiting.length })} {waiting.length === 0 ? <span>{m.field.allSent}</span> : <When />}
        </h2>
        <Lines lines={waiting.some(y => y.item.id === x.id) ? waiting : [line!, ...waiting]} short />
      </main>
      <Acts>
        <div className="field-two last-wide">
          <button type="button" className="field-btn" onClick={() => void saveExport()}>
            <Icon name="download" size={20} />
            {m.field.exportAll}
          </button>
          {next ? (
            <button type="button" className="field-btn main" onClick={() => go('at', { key: next.key, form: next.checklist, campaign: next.campaign })}>
              {m.field.next({ t: next.name })}
            </button>
          ) : (
            <button type="button" className="field-btn main" onClick={() => go('', {}, true)}>
              {m.field.toToday}
            </button>
          )}
        </div>
      </Acts>
    </div>
  )
}
