import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { url } from '../../api/client'

/** Figures and lists follow the ledgers while a page is open. A burst of news makes one reading. */
export function useLiveEvents() {
  const client = useQueryClient()
  useEffect(() => {
    if (typeof EventSource === 'undefined') return
    let timer: ReturnType<typeof setTimeout> | undefined
    const stale = new Set<string>()
    const later = (...keys: string[]) => {
      keys.forEach(k => stale.add(k))
      timer ??= setTimeout(() => {
        timer = undefined
        const keysNow = new Set(stale)
        stale.clear()
        void client.invalidateQueries({ predicate: q => keysNow.has(String(q.queryKey[0])) })
      }, 350)
    }
    const source = new EventSource(url('/events'))
    source.addEventListener('figure', () =>
      later('figure', 'summary', 'document', 'documents', 'differences', 'source', 'bench', 'entries', 'impact', 'plan'),
    )
    source.addEventListener('entry', () => later('entries', 'entry', 'queue', 'bench', 'me', 'due'))
    source.addEventListener('notice', () => later('bench', 'me', 'documents', 'document'))
    source.addEventListener('plan', () => later('plan', 'bench'))
    source.addEventListener('document', () => later('summary', 'document', 'documents', 'differences', 'changes', 'bench'))
    source.addEventListener('place', () => later('places', 'place'))
    // A closed stream means the session went: asking for /me finds out. A broken one comes back by itself.
    source.onerror = () => source.readyState === EventSource.CLOSED && void client.invalidateQueries({ queryKey: ['me'] })
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [client])
}
