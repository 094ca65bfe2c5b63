import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { bus, nowThere } from './store'
import { wayNow } from './send'

/** What is read from the store, anew whenever something in it is another, or when it is about something else. */
export function useStore<T>(read: () => Promise<T>, about = ''): T | undefined {
  const [value, set] = useState<T>()
  const act = useRef(read)
  useEffect(() => {
    act.current = read
  })
  useEffect(() => {
    let gone = false
    let again = false
    let busy = false
    const load = async () => {
      if (busy) {
        again = true
        return
      }
      busy = true
      do {
        again = false
        try {
          const v = await act.current()
          if (!gone) set(v)
        } catch {
          // the store was closed under the page: what is shown stays
        }
      } while (again && !gone)
      busy = false
    }
    void load()
    const f = () => void load()
    bus.addEventListener('change', f)
    return () => {
      gone = true
      bus.removeEventListener('change', f)
    }
  }, [about])
  return value
}

let minute = nowThere()
const beats = new EventTarget()
setInterval(() => {
  minute = nowThere()
  beats.dispatchEvent(new Event('beat'))
}, 20_000)
bus.addEventListener('change', () => {
  if (Math.abs(nowThere() - minute) < 60_000) return
  minute = nowThere()
  beats.dispatchEvent(new Event('beat'))
})
/** The time in the district; it moves on by itself. */
export const useNow = () =>
  useSyncExternalStore(
    f => {
      beats.addEventListener('beat', f)
      return () => beats.removeEventListener('beat', f)
    },
    () => minute,
  )
/** The day of an instant in the district, and its hour. */
export const dayOf = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
export const hourOf = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(11, 16)

const listen = (f: () => void) => {
  bus.addEventListener('change', f)
  return () => bus.removeEventListener('change', f)
}
export const useWay = () => useSyncExternalStore(listen, wayNow)

// The pages are few: an address below /m/ and what stands behind its question mark.
const moved = new EventTarget()
export type Route = { page: string; query: { [k: string]: string } }
const routeOf = (): Route => ({ page: location.pathname.replace(/^\/m\/?/, '').replace(/\/$/, ''), query: Object.fromEntries(new URLSearchParams(location.search)) })
let route = routeOf()
const tell = () => {
  route = routeOf()
  moved.dispatchEvent(new Event('move'))
}
addEventListener('popstate', tell)
export function go(page: string, query: { [k: string]: string } = {}, replace = false) {
  const q = new URLSearchParams(query).toString()
  history[replace ? 'replaceState' : 'pushState']({ inside: true }, '', `/m/${page}${q ? `?${q}` : ''}`)
  tell()
  scrollTo(0, 0)
}
/** Back to where one came from; to the first page for who came from outside. */
export const back = () => {
  if ((history.state as { inside?: boolean } | null)?.inside) history.back()
  else go('', {}, true)
}
export const useRoute = () =>
  useSyncExternalStore(
    f => {
      moved.addEventListener('move', f)
      return () => moved.removeEventListener('move', f)
    },
    () => route,
  )

/** A picture in the store as an address to show. */
export function usePicture(bytes: ArrayBuffer | undefined, type = 'image/jpeg') {
  const [at, set] = useState('')
  useEffect(() => {
    if (!bytes) return
    const url = URL.createObjectURL(new Blob([bytes], { type }))
    void Promise.resolve().then(() => set(url))
    return () => URL.revokeObjectURL(url)
  }, [bytes, type])
  return at
}
