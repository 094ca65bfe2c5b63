import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { putBlob } from '../../api/client'
import type { Blob as Stored, Evidence, UsedIn } from '../../api/types'
import { useI18n } from '../../shared/i18n'
import { dropFile, keepFile, keptFiles } from '../../shared/pending'
import { sha256 } from '../../shared/sha256'
import { uuid } from '../../shared/uuid'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { useProblemText } from '../ui/States'

const MAX_MB = 15
const PHOTO = ['image/jpeg', 'image/png', 'image/webp']
type Item = {
  key: string
  sha?: string
  name: string
  preview?: string
  part: number
  error?: string
  file?: File
  type: string
  also?: UsedIn[]
  taken?: string
}

/** Original bytes go up as they are, named by their digest. Camera, files, drop and paste. */
export function PhotoInput({
  id,
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
  describedby: string | undefined
  photo: boolean
  value: string[]
  max: number | undefined
  evidence: Evidence[]
  store: string
  names: { [sha: string]: string }
  onName: (key: string, name: string) => void
  onChange: (list: string[]) => void
  onUploads: (n: number) => void
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
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const aborts = useRef(new Map<string, AbortController>())
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
    onUploads(next.filter(i => i.part < 1 && !i.error).length)
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
    const file = item.file!
    const stop = new AbortController()
    aborts.current.set(item.key, stop)
    try {
      const sha = await sha256(await file.arrayBuffer())
      if (now.current.some(i => i.key !== item.key && i.sha === sha)) return commit(now.current.filter(i => i.key !== item.key))
      void keepFile(store, sha, file)
      patch(item.key, { sha, part: 0.01 })
      const done = await putBlob<Stored>(sha, file, part => patch(item.key, { part: Math.min(part, 0.99) }), stop.signal)
      onName(sha, file.name)
      void dropFile(store, sha)
      patch(item.key, { part: 1, also: done?.also_in ?? [], taken: done?.taken_at ?? '' })
    } catch (e) {
      if (!stop.signal.aborted) patch(item.key, { error: problem(e) || m.form.uploadFailed, part: 0 })
    }
  }
  const add = (files: Iterable<File>) => {
    for (const file of files) {
      if (max && now.current.length >= max) break
      const type = file.type || (/\.pdf$/i.test(file.name) ? 'application/pdf' : /\.jpe?g$/i.test(file.name) ? 'image/jpeg' : '')
      const item: Item = { key: uuid(), name: file.name, part: 0, file, type }
      if (!accepts.includes(type)) item.error = m.form.notImage
      else if (file.size > MAX_MB * 1024 * 1024) item.error = m.form.tooBig({ n: MAX_MB })
      else if (type.startsWith('image/')) item.preview = URL.createObjectURL(file)
      commit([...now.current, item])
      if (!item.error) void upload(item)
    }
  }
  const remove = (item: Item) => {
    aborts.current.get(item.key)?.abort()
    if (item.preview) URL.revokeObjectURL(item.preview)
    if (item.sha) void dropFile(store, item.sha)
    commit(now.current.filter(i => i.key !== item.key))
    input.current?.focus()
  }
  const retry = (item: Item) => {
    const { error: _, ...rest } = item
    commit(now.current.map(i => (i.key === item.key ? { ...rest, part: 0 } : i)))
    void upload({ ...rest, part: 0 })
  }
  const restore = useEffectEvent((files: File[]) => add(files))
  const again = useEffectEvent(() => now.current.filter(i => i.error && i.file && i.sha).forEach(retry))
  // What a dead network or a closed tab left behind goes up now, or when the network is back.
  useEffect(() => {
    void keptFiles(store).then(files => files.length && restore(files))
    const online = () => again()
    addEventListener('online', online)
    return () => removeEventListener('online', online)
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
      className={over ? 'pics over2' : 'pics'}
      {...(photo ? { 'data-photos': '' } : {})}
      role="group"
      aria-describedby={describedby}
      onDragOver={e => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={e => {
        e.preventDefault()
        setOver(false)
        add([...e.dataTransfer.files])
      }}
    >
      {items.map((item, i) => (
        <span className={item.error ? 'pc bad' : 'pc'} key={item.key}>
          <span className="photo">
            {item.type === 'application/pdf' || (item.error && !item.preview) ? (
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
                  ? m.form.hashing
                  : item.part < 1
                    ? m.form.uploading({ p: Math.round(item.part * 100) })
                    : item.taken
                      ? item.taken.slice(11, 16)
                      : item.name}
            </span>
            {item.part < 1 && !item.error && <i className="prog" style={{ width: `${item.part * 100}%` }} />}
          </span>
          <button type="button" aria-label={m.form.removeN({ n: i + 1 })} onClick={() => remove(item)}>
            <Icon name="close" />
          </button>
          {item.error && (
            <span className="err sm">
              {item.error}
              {item.file && accepts.includes(item.type) && (
                <button type="button" className="link retry" onClick={() => retry(item)}>
                  {m.common.retry}
                </button>
              )}
            </span>
          )}
          {item.also?.map((x, j) => (
            <span key={j} className="err sm amber">
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
            accept={accepts.join(',')}
            multiple
            className="vh"
            onChange={e => {
              add([...(e.target.files ?? [])])
              e.target.value = ''
            }}
          />
          <Icon name={photo ? 'camera' : 'upload'} size={24} />
          <span>{over ? m.form.dropHere : photo ? m.form.photo : m.form.file}</span>
        </label>
      )}
      {photo && items.length === 0 && <span className="t3 sm phint no-phone">{m.form.photoHint}</span>}
    </div>
  )
}
