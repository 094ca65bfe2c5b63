import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Item, Taken } from './store'

type Store = typeof import('./store')
type Send = typeof import('./send')
let s: Store
let send: Send

const id = (n: number) => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`
const sha = (n: number) => String(n).repeat(64).slice(0, 64)
const taken = (op: string): Taken => ({ op, state: 'taken', say: [], at: 1_600_000_000_000, made: 1_600_000_000_000, no: 'XJ-1', link: '', found: [] })
const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers } })

/** What the district answers, by what it is asked; every request is written down. */
function district(answer: (what: string, n: number, r: Request) => Response | Error | Promise<Response>) {
  const asked: string[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async input => {
    const r = input as Request
    const url = new URL(r.url)
    const what = `${r.method} ${url.pathname.replace('/api/v1/field/', '')}${url.searchParams.has('offset') ? ` ${url.searchParams.get('offset')}` : ''}`
    const key = r.headers.get('Idempotency-Key')
    asked.push(what.startsWith('POST ops') ? `POST ${Number(key!.slice(-12))}` : what)
    const got = await answer(what, asked.length, r)
    if (got instanceof Error) throw got
    return got
  })
  return asked
}
async function put(n: number, place = `unit:${n}`, photos: string[] = []) {
  const db = await s.store()
  const item: Item = {
    id: id(n), seq: n, title: `处${n}`, note: '', state: 'waiting', photos, at: n, tries: 0, found: [], counts: { fine: 0, na: 0, wrong: 0, items: 0 }, present: '',
    op: { v: 1, phone: 'p', seq: n, kind: 'visit', made_at: n, anchor: { phone: 0, server: 0 }, visit: { id: id(n), place, checklist: 'estate', answers: [] } },
  }
  await db.put('queue', item)
  for (const p of photos) await db.put('photos', { sha: p, bytes: new Uint8Array(600 * 1024).buffer, type: 'image/jpeg', name: 'a.jpg', at: 0, sent: 0, whole: false })
}
const states = async () => (await s.queue()).map(x => x.state)

beforeEach(async () => {
  vi.restoreAllMocks()
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  localStorage.setItem('sifen.field.who', JSON.stringify({ account: 'a', login: 'a', name: '甲', unit: '区' }))
  s = await import('./store')
  send = await import('./send')
})

describe('sending', () => {
  it('goes the oldest first, records before all photos, photos in pieces', async () => {
    await put(2, 'unit:2')
    await put(1, 'unit:1', [sha(1)])
    let offset = 0
    const asked = district((what, _n, r) => {
      if (what.startsWith('POST')) return json(200, taken(r.headers.get('Idempotency-Key')!))
      if (what.startsWith('GET')) return json(200, { sha: sha(1), offset, whole: false })
      offset = Math.min(offset + 256 * 1024, 600 * 1024)
      return json(200, { sha: sha(1), offset, whole: offset === 600 * 1024 })
    })
    await send.sync()
    expect(asked).toEqual(['POST 1', 'POST 2', `GET photos/${sha(1)}`, `PUT photos/${sha(1)} 0`, `PUT photos/${sha(1)} 262144`, `PUT photos/${sha(1)} 524288`])
    expect(await states()).toEqual(['sent', 'sent'])
    expect((await (await s.store()).get('photos', sha(1)))!.whole).toBe(true)
    expect(await s.unsent()).toEqual({ records: 0, photos: 0 })
  })

  it.each([
    [401, 'signed-out', 'waiting'],
    [426, 'old', 'waiting'],
    [408, 'open', 'waiting'],
    [425, 'open', 'waiting'],
    [429, 'open', 'waiting'],
    [500, 'open', 'waiting'],
    [503, 'open', 'waiting'],
    [403, 'open', 'needs'],
    [404, 'open', 'needs'],
    [409, 'open', 'needs'],
    [410, 'open', 'needs'],
    [413, 'open', 'needs'],
    [422, 'open', 'needs'],
  ])('an answer of %d leaves the way %s and the record %s, never dropped', async (status, way, state) => {
    await put(1)
    district(() => json(status, { title: '不行', code: 'x', status }))
    await send.sync()
    expect([send.wayNow(), (await states())[0]]).toEqual([way, state])
  })

  it('takes neither a portal nor a server that answers for another record for the district', async () => {
    await put(1)
    district(() => json(200, { welcome: 'hotel' }))
    await send.sync()
    expect([send.wayNow(), (await states())[0]]).toEqual(['portal', 'waiting'])
    vi.restoreAllMocks()
    district(() => new Response('<html>sign in</html>', { status: 200, headers: { 'Content-Type': 'text/html' } }))
    await send.sync()
    expect((await states())[0]).toBe('waiting')
    vi.restoreAllMocks()
    district((_w, _n, r) => json(200, taken(r.headers.get('Idempotency-Key')!)))
    await send.sync()
    expect((await states())[0]).toBe('sent')
  })

  it('lets a refused record hold up nothing but what comes after it on the same case', async () => {
    await put(1, 'unit:1')
    await put(2, 'unit:2')
    await put(3, 'unit:1')
    const asked = district((_w, _n, r) => (r.headers.get('Idempotency-Key') === id(1) ? json(422, { title: '不行', code: 'x', status: 422, detail: '改一改' }) : json(200, taken(r.headers.get('Idempotency-Key')!))))
    await send.sync()
    expect(asked).toEqual(['POST 1', 'POST 2', 'POST 3'])
    expect(await states()).toEqual(['needs', 'sent', 'sent'])
    expect((await s.queue())[0]!.why).toBe('改一改')
    // a person has it tried again with the day he remembers; what waited follows
    vi.restoreAllMocks()
    const again = district((_w, _n, r) => json(200, taken(r.headers.get('Idempotency-Key')!)))
    await send.retry((await s.queue())[0]!, '2020-12-30')
    await send.sync()
    expect(again).toEqual(['POST 1'])
    expect((await s.queue())[0]!.op.day).toBe('2020-12-30')
  })

  it('sends steps on one case in their order, and makes of what another window has sent a visit of its own', async () => {
    const db = await s.store()
    for (const n of [1, 2]) {
      await put(n)
      const x = (await db.get('queue', id(n)))!
      await db.put('queue', { ...x, op: { ...x.op, kind: 'step', step: { case: 'c', op: 'reply' } } })
    }
    await put(3)
    const first = district((_w, _n, r) => (r.headers.get('Idempotency-Key') === id(1) ? json(404, { title: '没有', code: 'x', status: 404 }) : json(409, { title: '提交过', code: 'inspect.sent-already', status: 409 })))
    await send.sync()
    expect(first).toEqual(['POST 1', 'POST 3'])
    expect(await states()).toEqual(['needs', 'waiting', 'needs'])
    vi.restoreAllMocks()
    district((_w, _n, r) => json(200, taken(r.headers.get('Idempotency-Key')!)))
    const twice = (await s.queue())[2]!
    await send.retry(twice)
    await send.sync()
    const sent = (await s.queue()).find(x => x.state === 'sent')!
    expect(sent.id).not.toBe(twice.id)
    expect(sent.op.visit!.id).not.toBe(twice.op.visit!.id)
  })

  it('goes on after a lost answer where the district says', async () => {
    await put(1, 'unit:1', [sha(7)])
    let stored = 0
    let lost = false
    const asked = district((what, _n, r) => {
      if (what.startsWith('POST')) return json(200, taken(r.headers.get('Idempotency-Key')!))
      if (what.startsWith('GET')) return json(200, { sha: sha(7), offset: stored, whole: false })
      const at = Number(what.split(' ').pop())
      if (at !== stored) return json(409, { title: '', code: 'field.offset', status: 409 })
      stored = Math.min(stored + 256 * 1024, 600 * 1024)
      if (!lost) {
        lost = true
        return new TypeError('Failed to fetch') // kept, and nobody heard of it
      }
      return json(200, { sha: sha(7), offset: stored, whole: stored === 600 * 1024 })
    })
    await send.sync()
    expect(send.wayNow()).toBe('away')
    await send.sync()
    expect(asked.filter(x => x.startsWith('PUT'))).toEqual([0, 262144, 524288].map(n => `PUT photos/${sha(7)} ${n}`))
    expect((await (await s.store()).get('photos', sha(7)))!.whole).toBe(true)
  })

  it('a photo that is refused keeps its reason, and the next one goes', async () => {
    await put(1, 'unit:1', [sha(3), sha(4)])
    district((what, _n, r) => {
      if (what.startsWith('POST')) return json(200, taken(r.headers.get('Idempotency-Key')!))
      const of = what.includes(sha(3)) ? sha(3) : sha(4)
      if (what.startsWith('GET')) return json(200, { sha: of, offset: 0, whole: false })
      return of === sha(3) ? json(422, { title: '打不开', code: 'evidence.broken', status: 422 }) : json(200, { sha: of, offset: 600 * 1024, whole: true })
    })
    await send.sync()
    const db = await s.store()
    expect((await db.get('photos', sha(3)))!.why).toBe('打不开')
    expect((await db.get('photos', sha(4)))!.whole).toBe(true)
    expect(await s.unsent()).toEqual({ records: 0, photos: 1 })
  })
})

describe('what lies on the phone', () => {
  it('is each person’s own', async () => {
    await put(1)
    s.setWho({ account: 'b', login: 'b', name: '乙', unit: '区' })
    expect(await s.queue()).toEqual([])
    s.setWho({ account: 'a', login: 'a', name: '甲', unit: '区' })
    expect(await s.queue()).toHaveLength(1)
  })

  it('is cleared a week after the district has it, and nothing unsent ever', async () => {
    await put(1, 'unit:1', [sha(1)])
    await put(2, 'unit:2', [sha(2)])
    await put(3, 'unit:3')
    const db = await s.store()
    const [a, b] = await s.queue()
    await db.put('queue', { ...a!, state: 'sent' })
    await db.put('queue', { ...b!, state: 'sent' })
    await db.put('photos', { ...(await db.get('photos', sha(1)))!, whole: true })
    await s.tidy(30 * 86_400_000)
    expect((await s.queue()).map(x => x.seq)).toEqual([2, 3]) // the photo of the second has not gone
    expect((await db.getAllKeys('photos')).length).toBe(1)
  })

  it('counts on by itself and keeps what was known of the clock', async () => {
    await s.spoke(Date.now() - 3_600_000) // the phone is an hour ahead
    expect(Math.abs(s.nowThere() - (Date.now() - 3_600_000))).toBeLessThan(1000)
    const common = { id: id(9), title: 'x', note: '', photos: [], found: [], counts: { fine: 0, na: 0, wrong: 0, items: 0 }, present: '' }
    const one = await s.enqueue(common, { kind: 'miss', miss: { campaign: 'c', place: 'p', reason: '没人' } }, s.nowThere())
    const two = await s.enqueue({ ...common, id: id(10) }, { kind: 'miss', miss: { campaign: 'c', place: 'q', reason: '没人' } }, s.nowThere())
    expect([one.seq, two.seq]).toEqual([1, 2])
    expect(Math.abs(one.op.made_at - Date.now())).toBeLessThan(1000) // by the phone's own clock
    expect(Math.abs(s.madeThere(one.op) - s.nowThere())).toBeLessThan(1000)
  })
})
