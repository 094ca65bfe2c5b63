import createClient from 'openapi-fetch'
import { currentLang } from '../shared/i18n'
import { uuid } from '../shared/uuid'
import { NetworkError, ProblemError, type Problem } from './errors'
import type { components, paths } from './schema'

export const BASE = '/api/v1'
type Query = { [key: string]: string | number | boolean | readonly (string | number)[] | undefined | null }

/** A shape of the server's, by its name in the document. */
export type Schema<K extends keyof components['schemas']> = components['schemas'][K]

type Method = 'get' | 'post' | 'put' | 'delete'
/** The addresses, below the base, that answer to a method. */
export type PathOf<M extends Method> = {
  [K in keyof paths]: K extends `${typeof BASE}${infer P}` ? (paths[K][M] extends { responses: unknown } ? P : never) : never
}[keyof paths]
type Operation<M extends Method, P extends string> = P extends string ? NonNullable<paths[`${typeof BASE}${P}` & keyof paths][M]> : never
type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined
/** What an operation answers. */
export type Answer<P extends PathOf<M>, M extends Method = 'get'> =
  Operation<M, P> extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never
/** One of a list that an operation answers. */
export type Item<P extends PathOf<'get'>> = Answer<P> extends { items: (infer T)[] } ? T : never

type Part<T> = [NonNullable<T>] extends [never] ? unknown : NonNullable<T>
// A list in an address may be given as it will stand there, with commas.
type Loose<Q> = { [K in keyof Q]: NonNullable<Q[K]> extends readonly unknown[] ? Q[K] | string : Q[K] }
type Params<O> = O extends { parameters: { path?: unknown; query?: unknown } } ? Part<O['parameters']['path']> & Loose<Part<O['parameters']['query']>> : never
/** What an operation is sent. */
export type Body<P extends PathOf<M>, M extends Method> = BodyOf<Operation<M, P>>
type BodyOf<O> = O extends { requestBody?: infer B } ? (NonNullable<B> extends { content: { 'application/json': infer T } } ? T : undefined) : undefined

function search(query: Query): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(query)) if (v !== undefined && v !== null && v !== '') q.set(k, String(v))
  return q.toString()
}

/** An address for links and downloads; what is asked through get or send is checked against the document instead. */
export function url(path: string, query: Query = {}): string {
  const s = search(query)
  return BASE + path + (s ? `?${s}` : '')
}

// The language is asked for each time: it may change while the page is open.
const server = createClient<paths>({ baseUrl: location.origin, querySerializer: q => search(q as Query), fetch: request => fetch(request) })

/** Splits what a caller gave into what stands in the address and what follows it. */
function parts(path: string, params: Query) {
  const names = new Set([...path.matchAll(/\{(\w+)\}/g)].map(x => x[1]!))
  const given = Object.entries(params)
  return { path: Object.fromEntries(given.filter(([k]) => names.has(k))), query: Object.fromEntries(given.filter(([k]) => !names.has(k))) }
}

type Sent = { params: Query; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal | undefined }
async function ask(method: Method, path: string, { params, headers = {}, body, signal }: Sent): Promise<unknown> {
  // Which operation it is was decided by the types of get and send; here it is one of many.
  const request = server.request as (method: string, path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
  const raw = body instanceof Blob
  let done
  try {
    done = await request(method, BASE + path, {
      params: parts(path, params),
      headers: { 'Accept-Language': currentLang(), ...headers, ...(raw ? { 'Content-Type': 'application/octet-stream' } : {}) },
      ...(body === undefined ? {} : { body }),
      ...(raw ? { bodySerializer: (b: Blob) => b } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new NetworkError()
  }
  const { response, error } = done
  if (response.ok) return done.data
  // The session ended: whoever shows the page asks to sign in again.
  if (response.status === 401 && method !== 'get' && path !== '/session') dispatchEvent(new Event('sifen:signed-out'))
  const said = error && typeof error === 'object' ? (error as Problem) : null // a proxy's own page says nothing: the status is all there is
  throw new ProblemError({ status: response.status, title: response.statusText, code: `http.${response.status}`, ...said }, later(response.headers.get('Retry-After')))
}

/** Seconds of a Retry-After header; more than a minute is not waited for. */
function later(header: string | null): number {
  const n = Number(header)
  return n > 0 && n <= 60 ? n : 0
}

export const get = <P extends PathOf<'get'>>(path: P, params: Params<Operation<'get', P>>, signal?: AbortSignal) =>
  ask('get', path, { params: params as Query, signal }) as Promise<Answer<P>>

/** A command. The operation id stays the same when the same command is sent again after a lost answer, so nothing happens twice. */
export type Command = { rev?: number | undefined; op?: string | undefined }
export function send<M extends Exclude<Method, 'get'>, P extends PathOf<M>>(
  method: M,
  path: P,
  params: Params<Operation<M, P>>,
  body?: Body<P, M> | Blob,
  { rev, op }: Command = {},
) {
  const headers: Record<string, string> = { 'Idempotency-Key': op ?? uuid() }
  if (rev !== undefined) headers['If-Match'] = `"${rev}"`
  return ask(method, path, { params: params as Query, headers, body }) as Promise<Answer<P, M>>
}

/** Uploads bytes with progress; fetch cannot tell it. */
export function putBlob(sha: string, file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<Answer<'/blobs/{sha}', 'put'>> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('PUT', url(`/blobs/${sha}`, { name: file.name }))
    x.setRequestHeader('Accept-Language', currentLang())
    x.setRequestHeader('Content-Type', 'application/octet-stream')
    x.responseType = 'json'
    x.upload.onprogress = e => e.lengthComputable && onProgress(e.loaded / e.total)
    x.onload = () => {
      if (x.status < 300) return resolve(x.response as Answer<'/blobs/{sha}', 'put'>)
      if (x.status === 401) dispatchEvent(new Event('sifen:signed-out'))
      reject(new ProblemError({ status: x.status, title: x.statusText, code: `http.${x.status}`, ...(x.response as object | null) }))
    }
    x.onerror = () => reject(new NetworkError())
    signal.addEventListener('abort', () => x.abort())
    x.send(file)
  })
}
