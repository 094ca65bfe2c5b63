import { currentLang } from '../shared/i18n'
import { uuid } from '../shared/uuid'
import { NetworkError, ProblemError, type Problem } from './errors'

export const BASE = '/api/v1'
type Query = { [key: string]: string | number | boolean | undefined | null }

export function url(path: string, query?: Query): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) if (v !== undefined && v !== null && v !== '') q.set(k, String(v))
  const s = q.toString()
  return BASE + path + (s ? `?${s}` : '')
}

async function answer<T>(input: string, init: RequestInit): Promise<T> {
  let res: Response
  try {
    res = await fetch(input, {
      credentials: 'same-origin',
      ...init,
      headers: { 'Accept-Language': currentLang(), ...(init.headers as Record<string, string>) },
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new NetworkError()
  }
  if (res.ok) return (res.status === 204 || res.headers.get('content-length') === '0' ? undefined : await res.json().catch(() => undefined)) as T
  let problem: Problem = { status: res.status, title: res.statusText, code: `http.${res.status}` }
  try {
    problem = { ...problem, ...((await res.json()) as Problem) }
  } catch {
    // a proxy's own page: the status is all there is
  }
  // The session ended: whoever shows the page asks to sign in again.
  if (res.status === 401 && init.method && !input.endsWith('/session')) dispatchEvent(new Event('sifen:signed-out'))
  throw new ProblemError(problem)
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => answer<T>(url(path, query), { signal: signal ?? null })

/** A command. The operation id stays the same when the same command is sent again after a lost answer, so nothing happens twice. */
export type Command = { rev?: number; op?: string; query?: Query }
export function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, { rev, op, query }: Command = {}): Promise<T> {
  const headers: Record<string, string> = { 'Idempotency-Key': op ?? uuid() }
  if (rev !== undefined) headers['If-Match'] = `"${rev}"`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  return answer<T>(url(path, query), { method, headers, body: body === undefined ? null : JSON.stringify(body) })
}
export const sendFile = <T>(path: string, file: Blob, query: Query) =>
  answer<T>(url(path, query), { method: 'POST', headers: { 'Idempotency-Key': uuid(), 'Content-Type': 'application/octet-stream' }, body: file })

/** Uploads bytes with progress; fetch cannot tell it. */
export function putBlob<T>(sha: string, file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('PUT', url(`/blobs/${sha}`, { name: file.name }))
    x.setRequestHeader('Accept-Language', currentLang())
    x.setRequestHeader('Content-Type', 'application/octet-stream')
    x.responseType = 'json'
    x.upload.onprogress = e => e.lengthComputable && onProgress(e.loaded / e.total)
    x.onload = () => {
      if (x.status < 300) return resolve(x.response as T)
      if (x.status === 401) dispatchEvent(new Event('sifen:signed-out'))
      reject(new ProblemError({ status: x.status, title: x.statusText, code: `http.${x.status}`, ...(x.response as object | null) }))
    }
    x.onerror = () => reject(new NetworkError())
    signal.addEventListener('abort', () => x.abort())
    x.send(file)
  })
}
