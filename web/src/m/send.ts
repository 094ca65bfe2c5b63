import { get, send } from '../api/client'
import { NetworkError, ProblemError } from '../api/errors'
import { uuid } from '../shared/uuid'
import { bus, changed, nowThere, queue, spoke, store, type Item, type Photo, type Taken } from './store'

export const PIECE = 256 * 1024

/** How the way to the district is. portal: something else answered. old: these pages are too old for the server. */
export type Way = 'open' | 'away' | 'portal' | 'signed-out' | 'old'
let way: Way = 'open'
let next = 0
export const wayNow = () => way
/** When it is tried again; 0 where nothing waits. */
export const nextTry = () => next
export function setWay(w: Way) {
  if (w === way) return
  way = w
  changed()
}

class Stop extends Error {
  constructor(readonly way: Way) {
    super(way)
  }
}

/** What an answer of the server's means for what was sent: to be tried later, or to be looked at by a person. */
export function verdict(e: unknown): Way | 'needs' | 'later' {
  if (e instanceof NetworkError) return 'away'
  if (!(e instanceof ProblemError)) return 'away'
  const s = e.problem.status
  if (s === 401) return 'signed-out'
  if (s === 426) return 'old'
  if (s >= 500 || s === 408 || s === 425 || s === 429) return 'later'
  if (s >= 400) return 'needs'
  return 'portal'
}

let timer: ReturnType<typeof setTimeout> | undefined
let pause = 2_000
const later = () => {
  clearTimeout(timer)
  next = nowThere() + pause
  timer = setTimeout(() => void sync(), pause)
  pause = Math.min(pause * 2, 300_000)
}

async function one<T>(act: () => Promise<T>, onNeeds: (e: ProblemError) => Promise<void>): Promise<T | null> {
  try {
    return await act()
  } catch (e) {
    const v = verdict(e)
    if (v === 'needs') {
      await onNeeds(e as ProblemError)
      return null
    }
    throw new Stop(v === 'later' ? 'open' : v)
  }
}

/** What a record is about: a refused one holds up only what comes after it on the same case. Visits stand for themselves. */
const objectOf = (x: Item) => x.op.step?.case ?? x.id

async function sendRecord(x: Item): Promise<boolean> {
  const db = await store()
  const taken = await one<Taken>(
    () => send('post', '/field/ops', {}, x.op, { op: x.id }),
    async e => {
      const said = e.problem.errors?.map(f => f.detail).join('；')
      await db.put('queue', { ...x, state: 'needs', tries: x.tries + 1, code: e.problem.code, why: said || e.problem.detail || e.problem.title })
    },
  )
  if (!taken) return false
  // The page of a hotel's network says 200 too; only the district repeats the id.
  if (taken.op !== x.id) throw new Stop('portal')
  await spoke(taken.at)
  const { why: _w, code: _c, ...rest } = x
  await db.put('queue', { ...rest, state: taken.state === 'look' ? 'look' : 'sent', taken })
  return true
}

async function sendPhoto(p: Photo): Promise<void> {
  const db = await store()
  const fail = async (e: ProblemError) => {
    await db.put('photos', { ...p, why: e.problem.errors?.[0]?.detail ?? e.problem.detail ?? e.problem.title })
  }
  const begun = await one(() => get('/field/photos/{sha}', { sha: p.sha }), fail)
  if (!begun) return
  if (begun.sha !== p.sha) throw new Stop('portal')
  let at = begun.offset
  let whole = begun.whole
  while (!whole) {
    if (at >= p.bytes.byteLength) at = 0 // what is there belongs to something else: from the beginning
    const piece = new Blob([p.bytes.slice(at, at + PIECE)])
    let done
    try {
      done = await send('put', '/field/photos/{sha}', { sha: p.sha, name: p.name, size: p.bytes.byteLength, offset: at }, piece)
    } catch (e) {
      // The answer to the last piece was lost, or another tab was faster: the server says where to go on.
      if (e instanceof ProblemError && e.problem.code === 'field.offset') {
        const again = await get('/field/photos/{sha}', { sha: p.sha })
        if (again.whole || again.offset !== at) {
          at = again.offset
          whole = again.whole
          continue
        }
      }
      await one(() => Promise.reject(e as Error), fail)
      return
    }
    if (done.sha !== p.sha) throw new Stop('portal')
    at = done.offset
    whole = done.whole
    await db.put('photos', { ...p, sent: at })
    changed()
  }
  const { why: _w, ...rest } = p
  await db.put('photos', { ...rest, sent: p.bytes.byteLength, whole: true })
  changed()
}

async function run(): Promise<void> {
  const db = await store()
  try {
    const held = new Set<string>()
    for (const x of await queue()) {
      if (x.state === 'needs') held.add(objectOf(x))
      if (x.state !== 'waiting' || held.has(objectOf(x))) continue
      if (!(await sendRecord(x))) held.add(objectOf(x))
      setWay('open')
      changed()
    }
    for (const x of await queue()) {
      if (x.state !== 'sent' && x.state !== 'look') continue
      for (const sha of x.photos) {
        const p = await db.get('photos', sha)
        if (p && !p.whole && !p.why) await sendPhoto(p)
      }
    }
    next = 0
    pause = 2_000
  } catch (e) {
    setWay(e instanceof Stop ? e.way : 'away')
    next = 0
    if (!(e instanceof Stop && (e.way === 'old' || e.way === 'signed-out'))) later()
    changed()
  }
}

let running: Promise<void> | null = null
/** Sends what waits, the oldest first: records, then their photos. One tab sends; every call is safe to repeat. */
export function sync(): Promise<void> {
  running ??= (async () => {
    try {
      if (navigator.locks) await navigator.locks.request('sifen-field', { ifAvailable: true }, async lock => (lock ? run() : undefined))
      else await run()
    } finally {
      running = null
    }
  })()
  return running
}

/** Sends at the start, when the network is back, when the page is seen again, and when something was done. */
export function startSync() {
  const kick = () => {
    pause = 2_000
    clearTimeout(timer)
    void sync()
  }
  addEventListener('online', kick)
  addEventListener('offline', () => setWay('away'))
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) kick()
  })
  bus.addEventListener('done', kick)
  kick()
}

/** Lets something that was refused be tried again, perhaps with the day that a person has confirmed. */
export async function retry(x: Item, day?: string) {
  const db = await store()
  const { why: _w, code: _c, ...rest } = x
  const t = db.transaction('queue', 'readwrite')
  if (x.code === 'inspect.sent-already' && x.op.visit) {
    // The district has another content under this id, from another window: this one becomes a visit of its own.
    await t.store.delete(x.id)
    await t.store.put({ ...rest, id: uuid(), state: 'waiting', op: { ...x.op, visit: { ...x.op.visit, id: uuid() } } })
  } else await t.store.put({ ...rest, state: 'waiting', op: day ? { ...x.op, day } : x.op })
  await t.done
  changed()
  bus.dispatchEvent(new Event('done'))
}
export async function retryPhoto(sha: string) {
  const db = await store()
  const p = await db.get('photos', sha)
  if (!p) return
  const { why: _w, ...rest } = p
  await db.put('photos', rest)
  changed()
  bus.dispatchEvent(new Event('done'))
}
