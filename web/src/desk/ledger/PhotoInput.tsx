import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { putBlob } from '../../api/client'
import type { Evidence } from '../../api/answers'
import { fileSize } from '../../shared/format'
import { dropFile, keepFile, keptFiles } from '../../shared/pending'
import { sha256 } from '../../shared/sha256'
import { CannotShrink, MAX_BYTES, shrink } from '../../shared/shrink'
import { uuid } from '../../shared/uuid'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { useProblemText } from '../ui/States'
import { useDrop } from '../ui/useDrop'
import type { UsedIn } from './types'
import { PHOTO, NAMED, type Item } from './photos'
import { useI18n } from './texts'

/** Photos go up named by their digest, large ones made smaller on the device first. Camera, files, drop and paste. */
export function PhotoInput({
  id,
  label,
  describedby,
  photo,
  value,
  max,
  evidence,
  store,
  names,
  onName,
  onChange,
  onUploads,
}: {
  id: string
  label: string
  describedby: string | undefined
  photo: boolean
  value: string[]
  max: number | undefined
  evidence: Evidence[]
  store: string
  names: { [sha: string]: string }
  onName: (key: string, name: string) => void
  onChange: (list: string[]) => void
  onUploads: (waiting: number, failed: number) => void
}) {
  const { m } = useI18n()
  const problem = useProblemText()
  const [items, setItems] = useState<Item[]>(() =>
    value.map(sha => ({
      key: sha,
      sha,
      name: names[sha] ?? '',
      part: 1,
      type: evidence.find(e => e.sha === sha)?.width === 0 ? 'application/pdf' : 'image/*',
      taken: evidence.find(e => e.sha === sha)?.taken_at ?? '',
    })),
  )
  const input = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const aborts = useRef(new Map<string, AbortController>())
  const drops = useRef(new Set<ReturnType<typeof setTimeout>>())
  const now = useRef(items)
  // lists this field sent out and has not seen come back: with several uploads an older one may return after a newer was sent
  const echo = useRef<string[]>([])
  const accepts = photo ? PHOTO : [...PHOTO, 'application/pdf']

  const commit = (next: Item[]) => {
    now.current = next
    setItems(next)
    const list = next.filter(i => i.sha && i.part === 1 && !i.error).map(i => i.sha!)
    echo.current.push(JSON.stringify(list))
    onChange(list)
    onUploads(next.filter(i => i.part < 1 && !i.error).length, next.filter(i => i.error).length)
  }
  const patch = (key: string, p: Partial<Item>) => commit(now.current.map(i => (i.key === key ? { ...i, ...p } : i)))
  // A discarded or rebased draft brings another list.
  useEffect(() => {
    const at = echo.current.lastIndexOf(JSON.stringify(value))
    if (at >= 0) {
      echo.current.splice(0, at + 1)
      return
    }
    const mine = now.current.filter(i => i.sha && i.part === 1 && !i.error).map(i => i.sha)
    if (JSON.stringify(mine) === JSON.stringify(value)) return
    const keep = now.current.filter(i => i.part < 1 || i.error)
    now.current = [
      ...value.map(sha => now.current.find(i => i.sha === sha) ?? { key: sha, sha, name: names[sha] ?? '', part: 1, type: 'image/*' }),
      ...keep,
    ]
    setItems(now.current)
  }, [value, names])

  const upload = async (item: Item) => {
    const stop = new AbortController()
    aborts.current.set(item.key, stop)
    try {
      let file = item.file!
      if (item.type.startsWith('image/') && !item.sha) {
        void keepFile(store, item.key, file) // a tab closed meanwhile begins again with the original
        const made = await shrink(file, shrinking => !stop.signal.aborted && patch(item.key, { shrinking }))
        if (stop.signal.aborted) return
        file = made.file
        if (made.kept) {
          const preview = URL.createObjectURL(file)
          if (item.preview) URL.revokeObjectURL(item.preview)
          patch(item.key, { file, kept: made.kept, name: file.name, type: file.type, preview })
        }
      }
      if (file.size > MAX_BYTES) return patch(item.key, { error: m.form.tooBig({ n: MAX_BYTES / 1024 / 1024 }) })
      const sha = await sha256(await file.arrayBuffer())
      if (stop.signal.aborted) return
      await keepFile(store, sha, file)
      if (stop.signal.aborted) {
        if (!now.current.some(i => i.key === item.key)) void dropFile(store, sha) // taken away meanwhile
        return
      }
      void dropFile(store, item.key)
      if (now.current.some(i => i.key !== item.key && i.sha === sha)) {
        void dropFile(store, sha) // it is there already
        return commit(now.current.filter(i => i.key !== item.key))
      }
      patch(item.key, { sha, part: 0.01 })
      const done = await putBlob(sha, file, part => patch(item.key, { part: Math.min(part, 0.99) }), stop.signal)
      onName(sha, file.name)
      drops.current.add(setTimeout(() => void dropFile(store, sha), 5_000)) // not before the draft that names it is kept
      patch(item.key, { part: 1, also: done.also_in as UsedIn[], taken: done?.taken_at ?? '' })
    } catch (e) {
      if (stop.signal.aborted) return
      if (e instanceof CannotShrink) void dropFile(store, item.key)
      patch(item.key, { error: problem(e) || m.form.uploadFailed, part: 0, final: e instanceof CannotShrink })
    }
  }
  const add = (files: Iterable<File>) => {
    for (const file of files) {
      if (max && now.current.length >= max) break
      const type = file.type || (NAMED.find(([like]) => like.test(file.name))?.[1] ?? '')
      const item: Item = { key: uuid(), name: file.name, part: 0, file, type }
      if (!accepts.includes(type)) item.error = m.form.notImage
      else if (type.startsWith('image/') && !/hei[cf]$/.test(type)) item.preview = URL.createObjectURL(file)
      commit([...now.current, item])
      if (!item.error) void upload(item)
    }
  }
  const remove = (item: Item) => {
    aborts.current.get(item.key)?.abort()
    if (item.preview) URL.revokeObjectURL(item.preview)
    if (item.sha) void dropFile(store, item.sha)
    void dropFile(store, item.key)
    commit(now.current.filter(i => i.key !== item.key))
    input.current?.focus()
  }
  const retry = (item: Item) => {
    const { error: _, ...rest } = item
    commit(now.current.map(i => (i.key === item.key ? { ...rest, part: 0 } : i)))
    void upload({ ...rest, part: 0 })
  }
  const { over, drop } = useDrop(add)
  const restore = useEffectEvent((files: File[]) => add(files))
  const again = useEffectEvent(() => now.current.filter(i => i.error && i.file && i.sha).forEach(retry))
  // What a dead network, an ended session or a closed tab left behind goes up now, or when network or session are back.
  useEffect(() => {
    void keptFiles(store).then(files => files.length && restore(files))
    const back = () => again()
    addEventListener('online', back)
    addEventListener('sifen:signed-in', back)
    const [under, waiting] = [aborts.current, drops.current]
    return () => {
      removeEventListener('online', back)
      removeEventListener('sifen:signed-in', back)
      // Without its form nothing goes up, least of all in the name of whoever signed in meanwhile. The files stay.
      under.forEach(stop => stop.abort())
      waiting.forEach(clearTimeout)
    }
  }, [store])
  useEffect(() => {
    const paste = (e: ClipboardEvent) => {
      const files = [...(e.clipboardData?.files ?? [])]
      // The first photo field on the page takes what is pasted.
      if (files.length && photo && document.querySelector('[data-photos]') === box.current) {
        e.preventDefault()
        add(files)
      }
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  })
  return (
    // Dropping is an extra for the mouse; the button inside does the same from the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className={over ? 'pics dropping' : 'pics'}
      {...(photo ? { 'data-photos': '' } : {})}
      role="group"
      aria-label={label}
      aria-describedby={describedby}
      {...drop}
    >
      {items.map((item, i) => (
        <span className={item.error ? 'picture bad' : 'picture'} key={item.key}>
          <span className="photo">
            {item.type === 'application/pdf' || (!item.preview && !item.sha) ? (
              <span className="ficon">
                <Icon name="doc" size={24} />
              </span>
            ) : (
              <img src={item.preview ?? blob(item.sha!, 'thumb')} alt={item.name} />
            )}
            <span>
              {item.error
                ? m.form.uploadFailed
                : item.part === 0
                  ? item.shrinking !== undefined && !item.kept
                    ? m.form.shrinking({ p: Math.round(item.shrinking * 100) })
                    : m.form.hashing
                  : item.part < 1
                    ? m.form.uploading({ p: Math.round(item.part * 100) })
                    : item.taken
                      ? item.taken.slice(11, 16)
                      : item.name}
            </span>
            {item.part < 1 && !item.error && <i className="prog" role="progressbar" aria-label={item.name} aria-valuenow={Math.round((item.part || (item.shrinking ?? 0)) * 100)} style={{ width: `${(item.part || (item.shrinking ?? 0)) * 100}%` }} />}
          </span>
          <button type="button" aria-label={m.form.removeN({ n: i + 1 })} onClick={() => remove(item)}>
            <Icon name="close" />
          </button>
          {item.error && (
            <span className="err small" role="alert">
              {item.error}
              {item.file && !item.final && accepts.includes(item.type) && (
                <button type="button" className="link retry" onClick={() => retry(item)}>
                  {m.common.retry}
                </button>
              )}
            </span>
          )}
          {item.kept && !item.error && (
            <span className="small shrunk">
              {m.form.shrunk({ from: fileSize(item.kept.from), to: fileSize(item.kept.to) })}
              <br />
              {m.form.carried[item.kept.time ? (item.kept.place ? 'both' : 'time') : item.kept.place ? 'place' : 'none']}
            </span>
          )}
          {item.also?.map((x, j) => (
            <span key={j} className="err small amber">
              {m.entry.reused} {x.number} {x.unit}
            </span>
          ))}
        </span>
      ))}
      {(!max || items.length < max) && (
        <label className="shoot">
          <input
            ref={input}
            id={id}
            type="file"
            accept={[...accepts, '.heic', '.heif'].join(',')}
            multiple
            className="unseen"
            onChange={e => {
              add([...(e.target.files ?? [])])
              e.target.value = ''
            }}
          />
          <Icon name={photo ? 'camera' : 'upload'} size={24} />
          <span>{over ? m.form.dropHere : photo ? m.form.photo : m.form.file}</span>
        </label>
      )}
      {photo && items.length === 0 && <span className="faint small phint no-phone">{m.form.photoHint}</span>}
    </div>
  )
}
