import { useEffect, useRef, useState, type ReactNode } from 'react'
import { fileSize } from '../shared/format'
import { Icon } from '../shared/Icon'
import { sha256 } from '../shared/sha256'
import { CannotShrink, shrink } from '../shared/shrink'
import { back, go, usePicture, useStore, useWay } from './hooks'
import { store, unsent } from './store'
import { useI18n } from './texts'

/** The bar on top: where one is, and the way back. */
export function Top({ title, note, onBack, end }: { title: string; note?: string; onBack?: () => void; end?: ReactNode }) {
  const { m } = useI18n()
  return (
    <header className="field-top">
      {onBack && (
        <button type="button" className="field-corner" aria-label={m.common.back} onClick={onBack}>
          <Icon name="left" size={24} />
        </button>
      )}
      <h1>
        {title}
        {note && <small>{note}</small>}
      </h1>
      {end}
    </header>
  )
}
export const TopBack = (p: { title: string; note?: string }) => <Top {...p} onBack={back} />

/** How the way to the district is; nothing where it is open. A bar, not a dialog: everything goes on. */
export function WayBar() {
  const { m } = useI18n()
  const way = useWay()
  const left = useStore(unsent)
  const n = (left?.records ?? 0) + (left?.photos ?? 0)
  const update = useUpdate()
  if (update)
    return (
      <button type="button" className="field-way" onClick={update}>
        <Icon name="download" size={20} />
        {m.field.updated}
      </button>
    )
  if (way === 'open') return null
  const text = { away: m.field.away, portal: m.field.portal, 'signed-out': m.field.signedOut, old: m.field.old }[way]
  return (
    <div className="field-way" role="status">
      <Icon name="away" size={20} />
      <span className="grow">{text}</span>
      {way === 'old' && (
        <button type="button" className="field-link" onClick={() => void renew()}>
          {m.field.update}
        </button>
      )}
      {way === 'signed-out' ? (
        <button type="button" className="field-link" onClick={() => go('in')}>
          {m.field.signIn}
        </button>
      ) : (
        way !== 'old' &&
        n > 0 && (
          <button type="button" className="field-link" onClick={() => go('phone')}>
            {m.field.waitingN({ n })}
            <Icon name="right" />
          </button>
        )
      )}
    </div>
  )
}

/** Fetches the pages anew because the district does not understand these any more; what is on the phone stays. */
async function renew() {
  const r = await navigator.serviceWorker?.getRegistration('/m/').catch(() => undefined)
  await r?.update().catch(() => {})
  if (r?.waiting) r.waiting.postMessage('update')
  location.reload()
}

/** A newer version of these pages waits until the person says so: a check is never taken away from under a thumb. */
function useUpdate() {
  const [waiting, set] = useState<ServiceWorker | null>(null)
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return
    let gone = false
    void navigator.serviceWorker.getRegistration('/m/').then(r => {
      if (!r || gone) return
      const look = () => {
        if (r.waiting && navigator.serviceWorker.controller) set(r.waiting)
      }
      look()
      r.addEventListener('updatefound', () => r.installing?.addEventListener('statechange', look))
    })
    return () => {
      gone = true
    }
  }, [])
  if (!waiting) return null
  return () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.postMessage('update')
  }
}

export function Tabs({ at }: { at: 'today' | 'phone' | 'mine' }) {
  const { m } = useI18n()
  const left = useStore(unsent)
  const n = (left?.records ?? 0) + (left?.photos ?? 0)
  const tab = (key: 'today' | 'phone' | 'mine', page: string, icon: 'list' | 'upload' | 'person', text: string, badge = 0) => (
    <a
      href={`/m/${page}`}
      aria-current={at === key ? 'page' : undefined}
      onClick={e => {
        e.preventDefault()
        go(page)
      }}
    >
      <Icon name={icon} size={24} />
      {text}
      {badge > 0 && <b>{badge > 99 ? '99+' : badge}</b>}
    </a>
  )
  return (
    <nav className="field-tabs" aria-label={m.field.tabs}>
      {tab('today', '', 'list', m.field.today)}
      {tab('phone', 'phone', 'upload', m.field.phone, n)}
      {tab('mine', 'mine', 'person', m.field.mine)}
    </nav>
  )
}

/** What stands at the bottom, under the thumb. */
export const Acts = ({ children, tabs }: { children: ReactNode; tabs?: boolean }) => <div className={tabs ? 'field-acts above' : 'field-acts'}>{children}</div>

/** A dialog from below, for one thumb. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { m } = useI18n()
  const box = useRef<HTMLDialogElement>(null)
  // The second of two quick taps lands where the sheet has just come up: it must answer nothing.
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const t = setTimeout(() => setReady(true), 500)
    return () => clearTimeout(t)
  }, [])
  useEffect(() => {
    const d = box.current
    d?.showModal()
    return () => d?.close()
  }, [])
  return (
    <dialog ref={box} className="field-sheet" aria-label={title} onCancel={onClose}>
      <div className={ready ? 'field-sheet-in' : 'field-sheet-in waits'}>
        <header>
          <h2 className="grow">{title}</h2>
          <button type="button" className="field-corner" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" size={20} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}

/** Room on the phone, as far as the browser says: from 80 % on one is warned, below 20 MB there is room for words alone. */
export async function room(): Promise<{ used: number; free: number; low: boolean; full: boolean }> {
  const e = (await navigator.storage?.estimate?.().catch(() => null)) ?? null
  const used = e?.usage ?? 0
  const quota = e?.quota ?? Infinity
  const free = quota - used
  return { used, free, low: used > quota * 0.8, full: free < 20 * 1024 * 1024 }
}

function Kept({ sha, alt, onDrop }: { sha: string; alt: string; onDrop: () => void }) {
  const { m } = useI18n()
  const photo = useStore(async () => (await store()).get('photos', sha), sha)
  const at = usePicture(photo?.bytes, photo?.type)
  return (
    <span className="photo">
      {at && <img src={at} alt={alt} />}
      <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={onDrop}>
        <Icon name="close" />
      </button>
    </span>
  )
}

const SMALL = { bytes: 700 * 1024, side: 1600 }

/**
 * Takes photos and keeps them on the phone. keep puts photo and draft away together, so that neither is there without the other;
 * the photo is made small and named by its digest before that.
 */
export function Photos({ value, keep, drop, max = 9 }: { value: string[]; keep: (sha: string, bytes: ArrayBuffer, type: string, name: string) => Promise<void>; drop: (sha: string) => void; max?: number }) {
  const { m } = useI18n()
  const [busy, setBusy] = useState(0)
  const [why, setWhy] = useState('')
  const add = async (files: FileList | null) => {
    setWhy('')
    for (const file of [...(files ?? [])].slice(0, max - value.length)) {
      setBusy(x => x + 1)
      try {
        const left = await room()
        if (left.full) {
          setWhy(m.field.photoFull)
          break
        }
        const small = await shrink(file, undefined, SMALL)
        const bytes = await small.file.arrayBuffer()
        await keep(await sha256(bytes), bytes, small.file.type || 'image/jpeg', small.file.name)
        if (left.low) setWhy(m.field.photoLow)
      } catch (e) {
        setWhy(e instanceof CannotShrink ? (e.why === 'heic' ? m.field.photoHeic : m.field.photoBroken) : e instanceof DOMException && e.name === 'QuotaExceededError' ? m.field.photoFull : m.field.photoBroken)
      } finally {
        setBusy(x => x - 1)
      }
    }
  }
  return (
    <div className="take">
      {value.map((sha, i) => (
        <Kept key={sha} sha={sha} alt={m.field.photoN({ a: i + 1 })} onDrop={() => drop(sha)} />
      ))}
      {value.length < max && (
        <label className="take-add">
          <input type="file" className="unseen" accept="image/*" multiple disabled={busy > 0} onChange={e => void add(e.target.files).then(() => (e.target.value = ''))} />
          <Icon name="camera" size={24} />
          <span>{busy > 0 ? m.field.photoBusy : value.length > 0 ? m.field.photoAgain : m.check.photo}</span>
        </label>
      )}
      {why && (
        <p className="field-fault" role="alert">
          {why}
        </p>
      )}
    </div>
  )
}

export const size = fileSize
