import { useEffect, useRef, useState } from 'react'
import { allFine, answerOf, asked, begin, fine, handedIn, isAnswered, isWrong, say, takeBack, visitInputs, type Said } from '../shared/check/answers'
import { Handouts, Sections } from '../shared/check/Sections'
import type { Form } from '../shared/check/types'
import { Icon } from '../shared/Icon'
import { StatusMark } from '../shared/Mark'
import { uuid } from '../shared/uuid'
import { forms, placeOf } from './day'
import { back, go, usePicture, useRoute, useStore } from './hooks'
import { Acts, Photos, Sheet, Top, TopBack, WayBar } from './parts'
import { bus, enqueue, nowThere, photosOf, store, who, type Draft, type Found, type Pocket } from './store'
import { useI18n } from './texts'
import { above, formsAt } from './Today'

/** A place as it was when its page was opened: a refresh in the background must not change what is under the thumb. */
function useOpened(key: string) {
  type Opened = { key: string; place: Pocket | undefined; all: Awaited<ReturnType<typeof forms>>; drafts: Draft[] }
  const [opened, set] = useState<Opened>()
  const found = opened?.key === key && !!opened.place
  useEffect(() => {
    if (found) return
    let gone = false
    const load = async () => {
      const next = { key, place: await placeOf(key), all: await forms(), drafts: (await (await store()).getAll('drafts')).filter(d => d.place === key) }
      if (!gone) set(next)
    }
    const f = () => void load()
    f()
    bus.addEventListener('change', f)
    return () => {
      gone = true
      bus.removeEventListener('change', f)
    }
  }, [key, found])
  return opened?.key === key ? opened : undefined
}

/** The check of a place: which checklist first, where there are several. */
export function CheckRoute() {
  const { m, l } = useI18n()
  const { query } = useRoute()
  const key = query.key ?? ''
  const loaded = useOpened(key)
  if (!loaded) return <div className="field" />
  const { place, all } = loaded
  const list = place ? formsAt(place, all) : []
  const form = list.find(f => f.key === query.form) ?? (list.length === 1 ? list[0] : undefined)
  if (place && form) return <Check key={`${place.key} ${form.key}`} place={place} form={form} kinds={all.kinds} />
  return (
    <div className="field">
      <TopBack title={place?.name ?? m.field.title} {...(place ? { note: above(place.unit.path, place.name) } : {})} />
      <WayBar />
      <main className="field-main">
        {!place && <p className="field-note">{m.field.unknown}</p>}
        {place && list.length === 0 && <p className="field-note">{m.check.noForm}</p>}
        {place && list.length > 0 && (
          <div className="field-choose">
            <p className="muted">{m.check.choose}</p>
            {list.map(f => (
              <button key={f.key} type="button" className="field-btn" onClick={() => go('at', { ...query, form: f.key }, true)}>
                {l(f.title)}
                {loaded.drafts.some(d => d.form === f.key) && <small>{m.field.keptDraft}</small>}
              </button>
            ))}
          </div>
        )}
      </main>
    </div>
  )
}

const draftOf = (place: Pocket, form: Form, said: Said): Draft => ({ key: `${place.key} ${form.key}`, place: place.key, form: form.key, title: place.name, said, at: nowThere() })

/** A check that was begun is kept on the phone with every tap, and found again. */
function useKept(place: Pocket, form: Form) {
  const key = `${place.key} ${form.key}`
  const [said, set] = useState<Said | null>(null)
  const [resumed, setResumed] = useState(false)
  const touched = useRef(false)
  useEffect(() => {
    void (async () => {
      const kept = await (await store()).get('drafts', key)
      // A checklist that has changed meanwhile asks for what is new; what was answered stays.
      set(kept ? { ...kept.said, form: form.form } : { ...begin(uuid(), form, place.points), began: nowThere() })
      setResumed(!!kept)
    })()
  }, [key, form, place.points])
  useEffect(() => {
    if (said && touched.current) void store().then(db => db.put('drafts', draftOf(place, form, said)))
  }, [said, place, form])
  const change = (act: (was: Said) => Said) => {
    touched.current = true
    set(was => (was ? act(was) : was))
  }
  /** The photo and the draft that names it, in one step: the digest was taken before it begins. */
  const keepPhoto = async (sha: string, bytes: ArrayBuffer, type: string, name: string, next: Said) => {
    touched.current = true
    const t = (await store()).transaction(['photos', 'drafts'], 'readwrite')
    const known = await t.objectStore('photos').get(sha)
    if (!known) await t.objectStore('photos').put({ sha, bytes, type, name, at: nowThere(), sent: 0, whole: false })
    await t.objectStore('drafts').put(draftOf(place, form, next))
    await t.done
    set(next)
  }
  const forget = async () => {
    touched.current = false
    await (await store()).delete('drafts', key)
  }
  return { key, said, change, keepPhoto, forget, resumed }
}

/** Whether another window fills the same check: two of them would overwrite one another. null until it is known. */
function useAlone(key: string): boolean | null {
  const [alone, set] = useState<boolean | null>(navigator.locks ? null : true)
  useEffect(() => {
    if (!navigator.locks) return
    let end = () => {}
    const until = new Promise<void>(r => {
      end = r
    })
    let gone = false
    void navigator.locks.request(`sifen-check-${who()?.account}-${key}`, { ifAvailable: true }, async lock => {
      if (!gone) set(!!lock)
      if (lock) await until
    })
    return () => {
      gone = true
      end()
    }
  }, [key])
  return alone
}

function Old({ c, a, b, look, put, photos }: { c: Pocket['open_cases'][number]; a: number; b: number; look: Said['looks'][string] | undefined; put: (passed: boolean) => void; photos: React.ReactNode }) {
  const { m, l } = useI18n()
  const thumb = useStore(async () => (c.photo ? (await store()).get('thumbs', c.photo) : undefined), c.photo)
  const at = usePicture(thumb?.bytes)
  return (
    <div className="field-old">
      <p>
        {at && <img src={at} alt="" />}
        <span>
          <StatusMark mark={c.late > 0 ? 'late' : 'wait'}>{m.check.oldOpen({ a, b })}</StatusMark> {l(c.title)}
        </span>
      </p>
      <div className="field-two">
        <button type="button" className="field-btn middle yes" aria-pressed={look?.passed === true} onClick={() => put(true)}>
          <Icon name="check" />
          {m.check.fixed}
        </button>
        <button type="button" className="field-btn middle" aria-pressed={look?.passed === false} onClick={() => put(false)}>
          <Icon name="close" />
          {m.check.notFixed}
        </button>
      </div>
      {look && photos}
    </div>
  )
}

type CheckProps = { place: Pocket; form: Form; kinds: React.ComponentProps<typeof Sections>['kinds'] }

function Check(props: CheckProps) {
  const { m, l } = useI18n()
  const alone = useAlone(`${props.place.key} ${props.form.key}`)
  if (alone) return <Filling {...props} />
  return (
    <div className="field">
      <TopBack title={props.place.name} note={l(props.form.title)} />
      <main className="field-main">{alone === false && <p className="field-note">{m.field.otherWindow}</p>}</main>
    </div>
  )
}

function Filling({ place, form, kinds }: CheckProps) {
  const { m, l } = useI18n()
  const { key, said, change, keepPhoto, forget, resumed } = useKept(place, form)
  const [undo, setUndo] = useState<{ before: Said; filled: Said } | null>(null)
  const [ask, setAsk] = useState<'left' | 'discard' | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (!undo) return
    const t = setTimeout(() => setUndo(null), 5000)
    return () => clearTimeout(t)
  }, [undo])
  const now = useRef<Said | null>(null)
  useEffect(() => {
    now.current = said
  })
  if (!said) return <div className="field" />
  const visit = visitInputs(place.type, place.self, said)
  const list = asked(form, said, visit)
  const counts = list.filter(x => answerOf(x.item) !== 'text')
  const done = counts.filter(x => isAnswered(x.item, said.answers[x.at]))
  const open = counts.filter(x => !isAnswered(x.item, said.answers[x.at]))
  const rest = open.filter(x => fine(x.item) !== undefined)
  const wrong = counts.filter(x => isWrong(x.item, said.answers[x.at]))
  const old = place.open_cases.filter(c => c.stage !== 'draft')
  /** Photos of one answer: `read` finds the list in what was said, `write` puts another in its place. */
  const photos = (value: string[], write: (s: Said, list: string[]) => Said, read: (s: Said) => string[], max?: number) => (
    <Photos
      value={value}
      max={max ?? 9}
      keep={async (sha, bytes, type, name) => {
        const s = now.current!
        if (!read(s).includes(sha)) await keepPhoto(sha, bytes, type, name, write(s, [...read(s), sha]))
      }}
      drop={sha => change(s => write(s, read(s).filter(x => x !== sha)))}
    />
  )
  const submit = async () => {
    if (busy) return
    setBusy(true)
    const input = handedIn(place.key, form, said, list)
    const title = (x: (typeof list)[number]) => {
      const g = said.answers[x.at]
      const tapped = (x.item.phrases ?? []).filter(p => g?.phrases?.includes(p.key)).map(p => l({ zh: p.zh, en: p.en || p.zh }))
      const what = tapped.length > 0 ? tapped.join(m.common.sep) : l(x.item.ask)
      return x.item.count && (g?.count ?? 0) > 0 ? `${what} ${g!.count} ${l(x.item.count)}` : what
    }
    const found: Found[] = [
      ...wrong.map(x => ({ title: title(x), state: 'wrong' as const, ...(said.answers[x.at]?.photos?.[0] ? { sha: said.answers[x.at]!.photos![0]! } : {}) })),
      ...old.filter(c => said.looks[c.id]).map(c => ({ title: l(c.title), state: said.looks[c.id]!.passed ? ('passed' as const) : ('failed' as const), ...(said.looks[c.id]!.photos[0] ? { sha: said.looks[c.id]!.photos[0]! } : {}) })),
    ]
    const na = counts.filter(x => said.answers[x.at]?.value === 'na').length
    const item = await enqueue(
      { id: uuid(), title: place.name, note: l(form.title), photos: photosOf(said), found, present: said.present.trim(), counts: { fine: done.length - na - wrong.length, na, wrong: wrong.length, items: counts.length } },
      { kind: 'visit', visit: input },
      said.began,
      key,
    )
    bus.dispatchEvent(new Event('done'))
    go('sent', { id: item.id }, true)
  }
  const ready = done.length + Object.keys(said.looks).length > 0
  const hand = () => (open.length > 0 ? setAsk('left') : void submit())
  return (
    <div className="field">
      <Top
        title={place.name}
        note={[l(form.title), m.check.items({ n: counts.length }), place.last ? m.field.lastTime({ d: place.last.slice(5), n: place.last_wrong }) : m.field.never].join('　')}
        onBack={back}
        end={
          <button type="button" className="field-corner" aria-label={m.check.discard} onClick={() => setAsk('discard')}>
            <Icon name="close" size={20} />
          </button>
        }
      />
      <WayBar />
      <main className="field-main">
        {place.self && <p className="field-note">{m.check.self}</p>}
        {resumed && <p className="field-note">{m.check.resumed}</p>}
        {place.party && <p className="field-side">{m.check.answers({ t: place.party })}</p>}
        {form.sample && (
          <p className="check-sample">
            <b>{m.check.sample}</b> {l(form.sample)}
          </p>
        )}
        {old.length === 0 && (
          <p className="field-side">
            <StatusMark mark="ok">{m.field.noOpen}</StatusMark>
          </p>
        )}
        {old.map((c, i) => (
          <Old
            key={c.id}
            c={c}
            a={i + 1}
            b={old.length}
            look={said.looks[c.id]}
            put={passed => change(was => ({ ...was, looks: { ...was.looks, [c.id]: { words: '', photos: [], ...was.looks[c.id], passed } } }))}
            photos={photos(
              said.looks[c.id]?.photos ?? [],
              (s, photos) => ({ ...s, looks: { ...s.looks, [c.id]: { ...s.looks[c.id]!, photos } } }),
              s => s.looks[c.id]?.photos ?? [],
              3,
            )}
          />
        ))}
        <Sections
          form={form}
          said={said}
          list={list}
          open={place.open_cases}
          objects={place.objects}
          kinds={kinds}
          change={change}
          photos={x => value => photos(value, (s, photos) => say(s, x, { photos }), s => s.answers[x.at]?.photos ?? [])}
        />
        <section className="check-section field-last">
          <Handouts form={form} said={said} change={change} />
          <label className="field-label">
            {m.check.present}
            <input className="input" maxLength={120} placeholder={m.check.presentHint} value={said.present} onChange={e => change(was => ({ ...was, present: e.target.value }))} />
          </label>
          <label className="field-label">
            {m.check.remark}
            <textarea className="input" rows={2} maxLength={500} value={said.words} onChange={e => change(was => ({ ...was, words: e.target.value }))} />
          </label>
        </section>
      </main>
      <Acts>
        <p className="field-progress">
          <span>{m.check.answered({ a: done.length, b: counts.length })}</span>
          <span className={wrong.length > 0 ? 'late strong' : undefined}>{m.check.wrong({ n: wrong.length })}</span>
          {undo ? (
            <button
              type="button"
              className="field-link"
              onClick={() => {
                change(was => takeBack(was, undo.filled, undo.before))
                setUndo(null)
              }}
            >
              {m.check.undo}
            </button>
          ) : (
            ready && (
              <span className="field-kept">
                <Icon name="check" />
                {m.check.draft}
              </span>
            )
          )}
        </p>
        <div className={rest.length > 0 ? 'field-two main-first' : undefined}>
          {rest.length > 0 && (
            <button
              type="button"
              className="field-btn main"
              disabled={busy}
              onClick={() => {
                const filled = allFine(form, said, visit)
                setUndo({ before: said, filled })
                change(() => filled)
              }}
            >
              {m.check.allFine({ n: rest.length })}
            </button>
          )}
          <button type="button" className={rest.length > 0 ? 'field-btn' : 'field-btn main'} disabled={busy || !ready} onClick={hand}>
            {m.check.submit}
          </button>
        </div>
      </Acts>
      {ask === 'left' && (
        <Sheet title={m.check.leftTitle} onClose={() => setAsk(null)}>
          <p>{m.check.leftOpen({ n: open.length })}</p>
          <button type="button" className="field-btn main" disabled={busy} onClick={() => void submit()}>
            {m.check.submit}
          </button>
        </Sheet>
      )}
      {ask === 'discard' && (
        <Sheet title={m.check.discard} onClose={() => setAsk(null)}>
          <p>{m.check.discardAsk}</p>
          <button type="button" className="field-btn danger" onClick={() => void forget().then(() => go('', {}, true))}>
            {m.check.discard}
          </button>
        </Sheet>
      )}
    </div>
  )
}
