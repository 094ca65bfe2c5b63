import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Schema } from '../api/client'
import type { Said } from '../shared/check/answers'
import { uuid } from '../shared/uuid'

export type Op = Schema<'FieldOp'>
export type Taken = Schema<'FieldTaken'>
export type PartBody = Schema<'FieldPartBody'>
export type Pocket = NonNullable<PartBody['places']>['places'][number]
export type TodayRow = NonNullable<PartBody['today']>['rows'][number]
export type CaseRow = Pocket['open_cases'][number]

/** Whose phone it is at the moment. Known without a network, because everything on the phone belongs to one of them. */
export type Who = { account: string; login: string; name: string; unit: string }

/** What was found, as the phone knows it before the district has answered. */
export type Found = { title: string; sha?: string; state: 'wrong' | 'passed' | 'failed' }

/** One thing that was done, on its way. sent and look: the district has it. needs: a person has to do something about it. */
export type Item = {
  id: string
  seq: number
  title: string
  note: string
  op: Op
  state: 'waiting' | 'sent' | 'look' | 'needs'
  photos: string[]
  at: number
  tries: number
  why?: string
  code?: string
  taken?: Taken
  found: Found[]
  counts: { fine: number; na: number; wrong: number; items: number }
  present: string
}
export type Photo = { sha: string; bytes: ArrayBuffer; type: string; name: string; at: number; sent: number; whole: boolean; why?: string }
export type Draft = { key: string; place: string; form: string; title: string; said: Said; at: number }

interface Field extends DBSchema {
  parts: { key: string; value: { name: string; sha: string; body: PartBody } }
  drafts: { key: string; value: Draft }
  queue: { key: string; value: Item }
  photos: { key: string; value: Photo }
  thumbs: { key: string; value: { sha: string; bytes: ArrayBuffer } }
  meta: { key: string; value: unknown }
}
export type Store = IDBPDatabase<Field>

const WHO = 'sifen.field.who'
const PHONE = 'sifen.field.phone'
const keep = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // storage refused: the self-check says so
  }
}
const read = (key: string) => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function who(): Who | null {
  try {
    return JSON.parse(read(WHO) ?? 'null') as Who | null
  } catch {
    return null
  }
}
export const setWho = (w: Who | null) => {
  if (w) keep(WHO, JSON.stringify(w))
  else
    try {
      localStorage.removeItem(WHO)
    } catch {
      // as above
    }
}
export function phone(): string {
  const known = read(PHONE)
  if (known) return known
  const id = uuid()
  keep(PHONE, id)
  return id
}

let opened: { account: string; db: Promise<Store> } | null = null
/** Everything a person has on this phone: each person has a store of his own, so that nobody sends what another has done. */
export function store(): Promise<Store> {
  const account = who()?.account ?? ''
  if (opened?.account === account) return opened.db
  const db = openDB<Field>(`sifen-field-${account}`, 1, {
    upgrade(d) {
      d.createObjectStore('parts', { keyPath: 'name' })
      d.createObjectStore('drafts', { keyPath: 'key' })
      d.createObjectStore('queue', { keyPath: 'id' })
      d.createObjectStore('photos', { keyPath: 'sha' })
      d.createObjectStore('thumbs', { keyPath: 'sha' })
      d.createObjectStore('meta')
    },
    blocking: (_a, _b, e) => (e.target as IDBDatabase).close(),
    terminated: () => {
      opened = null
    },
  })
  opened = { account, db }
  return db
}

export const bus = new EventTarget()
const others = typeof BroadcastChannel === 'function' ? new BroadcastChannel('sifen-field') : null
if (others) others.onmessage = () => bus.dispatchEvent(new Event('change'))
/** Says that something in the store is another, in this tab and in others. */
export const changed = () => {
  bus.dispatchEvent(new Event('change'))
  others?.postMessage(1)
}

export const meta = async <T>(key: string) => (await (await store()).get('meta', key)) as T | undefined
export const setMeta = async (key: string, value: unknown) => {
  await (await store()).put('meta', value, key)
}

/** When phone and server last spoke, by both clocks. */
export type Anchor = { phone: number; server: number }
export const spoke = (server: number) => {
  const a: Anchor = { phone: Date.now(), server }
  skew = a.server - a.phone
  return setMeta('anchor', a)
}
export const anchor = async () => {
  const a = (await meta<Anchor>('anchor')) ?? { phone: 0, server: 0 }
  skew = a.server - a.phone
  return a
}
let skew = 0
/** Now by the district's clock, as far as the phone knows how wrong its own is. */
export const nowThere = () => Date.now() + skew
/** When something was made, by the district's clock. */
export const madeThere = (op: Pick<Op, 'made_at' | 'anchor'>) => op.made_at - (op.anchor.phone - op.anchor.server)

/** Puts something that was done in the queue, and takes its draft away, in one step. began is by the district's clock, as far as it is known. */
export async function enqueue(item: Omit<Item, 'seq' | 'op' | 'state' | 'tries' | 'at'>, op: Pick<Op, 'kind' | 'visit' | 'miss' | 'step'>, began: number, draft?: string): Promise<Item> {
  const db = await store()
  const last = await anchor()
  const t = db.transaction(['queue', 'drafts', 'meta'], 'readwrite')
  const seq = (((await t.objectStore('meta').get('seq')) as number | undefined) ?? 0) + 1
  const whole: Item = { ...item, seq, state: 'waiting', tries: 0, at: began, op: { v: 1, phone: phone(), seq, anchor: last, made_at: began + last.phone - last.server, ...op } }
  await t.objectStore('meta').put(seq, 'seq')
  await t.objectStore('queue').put(whole)
  if (draft) await t.objectStore('drafts').delete(draft)
  await t.done
  changed()
  return whole
}

export const queue = async () => (await (await store()).getAll('queue')).sort((a, b) => a.seq - b.seq)
export const isOpen = (x: Item) => x.state === 'waiting' || x.state === 'needs'

/** How much has not left the phone yet: records, and photos of any. */
export async function unsent(): Promise<{ records: number; photos: number }> {
  const db = await store()
  const items = await db.getAll('queue')
  const photos = await db.getAll('photos')
  const named = new Set(items.flatMap(x => x.photos))
  return { records: items.filter(isOpen).length, photos: photos.filter(p => !p.whole && named.has(p.sha)).length }
}

const WEEK = 7 * 86_400_000
/** Forgets what the district has had for a week, and photos that no draft and no record names any more. Nothing unsent is cleared. */
export async function tidy(now = nowThere()) {
  const db = await store()
  const t = db.transaction(['queue', 'photos', 'drafts'], 'readwrite')
  const items = await t.objectStore('queue').getAll()
  const photos = new Map((await t.objectStore('photos').getAll()).map(p => [p.sha, p]))
  const wanted = new Set<string>()
  for (const d of await t.objectStore('drafts').getAll()) for (const sha of photosOf(d.said)) wanted.add(sha)
  for (const x of items) {
    const done = !isOpen(x) && x.photos.every(sha => photos.get(sha)?.whole ?? true) && now - x.at > WEEK
    if (done) await t.objectStore('queue').delete(x.id)
    else for (const sha of x.photos) wanted.add(sha)
  }
  for (const p of photos.values()) if (!wanted.has(p.sha) && now - p.at > 3_600_000) await t.objectStore('photos').delete(p.sha)
  await t.done
}

/** All photos that a check names. */
export const photosOf = (said: Said) => [
  ...new Set([...Object.values(said.answers).flatMap(a => a.photos ?? []), ...Object.values(said.looks).flatMap(l => l.photos)]),
]

/** Deletes a record that a person gives up, with those of its photos that nothing else names. */
export async function dropRecord(x: Item) {
  const t = (await store()).transaction(['queue', 'photos', 'drafts'], 'readwrite')
  await t.objectStore('queue').delete(x.id)
  const wanted = new Set((await t.objectStore('queue').getAll()).flatMap(y => y.photos))
  for (const d of await t.objectStore('drafts').getAll()) for (const sha of photosOf(d.said)) wanted.add(sha)
  for (const sha of x.photos) if (!wanted.has(sha)) await t.objectStore('photos').delete(sha)
  await t.done
}
