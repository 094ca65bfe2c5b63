import { afterEach, describe, expect, it, vi } from 'vitest'
import { get, send, url } from './client'
import { NetworkError, ProblemError, again, pause } from './errors'

const BASE = location.origin
let asked: Request[] = []
function answers(...list: (Response | Error | DOMException)[]) {
  asked = []
  vi.stubGlobal('fetch', async (r: Request) => {
    asked.push(r)
    const next = list.shift()!
    if (!(next instanceof Response)) throw next
    return next
  })
}
const json = (x: unknown, status = 200) => new Response(JSON.stringify(x), { status, headers: { 'Content-Type': 'application/json' } })
afterEach(() => vi.unstubAllGlobals())

describe('asking', () => {
  it('puts what the address names into it and the rest behind it', async () => {
    answers(json({ key: 'a b' }))
    await get('/figures/{key}/page', { key: 'a b', unit: 3, period: '', by: undefined })
    expect(asked[0]!.url).toBe(`${BASE}/api/v1/figures/a%20b/page?unit=3`)
    expect(asked[0]!.headers.get('Accept-Language')).toBe('zh')
    expect(asked[0]!.headers.has('Idempotency-Key')).toBe(false)
  })
  it('says a problem with the words of the server', async () => {
    answers(json({ title: 'stale', status: 412, code: 'entry.stale', detail: 'changed meanwhile' }, 412))
    const e = await get('/entries/{id}', { id: 'x' }).catch((x: unknown) => x)
    expect(e).toBeInstanceOf(ProblemError)
    expect((e as ProblemError).problem).toMatchObject({ status: 412, code: 'entry.stale' })
    expect((e as Error).message).toBe('changed meanwhile')
  })
  it('knows a page of a proxy by its status alone', async () => {
    answers(new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }))
    const e = await get('/units', {}).catch((x: unknown) => x)
    expect((e as ProblemError).problem).toMatchObject({ status: 502, code: 'http.502' })
  })
  it('comes again when the server said, if it has too much to do', async () => {
    const busy = { title: '现在使用的人太多，请过几秒再试', status: 503, code: 'http.load' }
    answers(new Response(JSON.stringify(busy), { status: 503, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '3' } }))
    const e = await get('/units', {}).catch((x: unknown) => x)
    expect((e as Error).message).toBe(busy.title)
    expect([again(0, e), again(3, e), again(4, e), pause(0, e), pause(3, e)]).toEqual([true, true, false, 3000, 3000])
    const gone = new NetworkError()
    expect([again(1, gone), again(2, gone), pause(0, gone), pause(1, gone)]).toEqual([true, false, 1000, 2000])
    const refused = new ProblemError({ title: 'no', status: 403, code: 'http.forbidden' })
    expect(again(0, refused)).toBe(false)
    answers(new Response('', { status: 503, headers: { 'Retry-After': '86400' } }))
    expect(((await get('/units', {}).catch((x: unknown) => x)) as ProblemError).after).toBe(0)
  })
  it('tells a dead network from a refusal', async () => {
    answers(new TypeError('failed to fetch'))
    await expect(get('/units', {})).rejects.toBeInstanceOf(NetworkError)
  })
  it('lets a reading that was called off go by that name', async () => {
    answers(new DOMException('off', 'AbortError'))
    await expect(get('/units', {})).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a command', () => {
  it('carries its id, the revision and the body', async () => {
    answers(json({ id: 'e' }))
    await send('post', '/documents/{id}/send-back', { id: 'd' }, { reason: 'no' }, { rev: 4, op: 'op-1' })
    const r = asked[0]!
    expect([r.method, r.url]).toEqual(['POST', `${BASE}/api/v1/documents/d/send-back`])
    expect([r.headers.get('Idempotency-Key'), r.headers.get('If-Match')]).toEqual(['op-1', '"4"'])
    expect(await r.json()).toEqual({ reason: 'no' })
  })
  it('sends a file as it is', async () => {
    answers(json({ id: 'i' }))
    await send('post', '/import-runs', { kind: 'k', name: 'a.csv' }, new Blob(['a,b']))
    const r = asked[0]!
    expect(r.headers.get('Content-Type')).toBe('application/octet-stream')
    expect(r.url).toContain('name=a.csv')
  })
  it('asks to sign in again when the session ended, but not when signing in failed', async () => {
    const ended = vi.fn()
    addEventListener('sifen:signed-out', ended)
    answers(json({}, 401), json({}, 401))
    await send('post', '/session', {}, { login: 'a', password: 'b' }).catch(() => undefined)
    expect(ended).not.toHaveBeenCalled()
    await send('delete', '/me/sessions', {}).catch(() => undefined)
    expect(ended).toHaveBeenCalledTimes(1)
    removeEventListener('sifen:signed-out', ended)
  })
})

it('leaves nothing empty in an address for a link', () => expect(url('/x', { a: 1, b: '', c: undefined, d: [1, 2] })).toBe('/api/v1/x?a=1&d=1%2C2'))
