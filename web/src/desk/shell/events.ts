import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { get, url } from '../../api/client'
import { statusOf } from '../../api/errors'
import { manifests } from '../manifests'
import { eventsOf, staleOf } from '../ui/news'

const NEWS = new Map(eventsOf(manifests).map(event => [event, staleOf(manifests, event)]))
const LIVE = new Set([...NEWS.values()].flat())
/** How often a page without a stream asks by itself, and how often it looks whether a server that is away is back. */
const ASK = 20_000
const LOOK = 3_000

/**
 * Figures and lists follow the ledgers while a page is open. A burst of news makes one reading. Without the stream
 * the page asks from time to time and says nothing; true is answered while the server itself does not answer.
 */
export function useLiveEvents(on: boolean): boolean {
  const client = useQueryClient()
  const [away, setAway] = useState(false)
  useEffect(() => {
    if (!on) return
    let burst: ReturnType<typeof setTimeout> | undefined
    let next: ReturnType<typeof setTimeout> | undefined
    let source: EventSource | undefined
    let ended = false
    let gone = false
    const stale = new Set<string>()
    const read = (keys: Set<string>) => void client.invalidateQueries({ predicate: q => keys.has(String(q.queryKey[0])) })
    const later = (keys: string[]) => {
      keys.forEach(k => stale.add(k))
      burst ??= setTimeout(() => {
        burst = undefined
        read(new Set(stale))
        stale.clear()
      }, 350)
    }
    const isAway = (yes: boolean) => {
      gone = yes
      setAway(yes)
    }
    const ask = async () => {
      next = undefined
      try {
        await get('/me', {})
        if (ended) return
        // Back, or there all the time without a stream: what was missed is read now.
        isAway(false)
        if (!document.hidden) read(LIVE)
        if (source?.readyState === EventSource.CLOSED) open()
      } catch (e) {
        if (ended) return
        const status = statusOf(e)
        if (status === 401) return void client.invalidateQueries({ queryKey: ['me'] })
        isAway(status === 0 || status >= 502)
      }
      if (source?.readyState !== EventSource.OPEN || gone) next ??= setTimeout(() => void ask(), gone ? LOOK : ASK)
    }
    const open = () => {
      source?.close()
      source = new EventSource(url('/events'))
      for (const [event, keys] of NEWS) source.addEventListener(event, () => later(keys))
      source.onopen = () => {
        if (!gone) return
        clearTimeout(next)
        void ask()
      }
      // Cut: the session went, the server went, or something between lets no stream through. Asking finds out.
      source.onerror = () => (next ??= setTimeout(() => void ask(), 1_000))
    }
    if (typeof EventSource === 'undefined') next = setTimeout(() => void ask(), ASK)
    else open()
    return () => {
      ended = true
      source?.close()
      clearTimeout(burst)
      clearTimeout(next)
    }
  }, [client, on])
  return away
}
