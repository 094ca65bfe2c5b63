import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useManifests, type Manifest } from './manifest'

/** The queries that a piece of news makes stale, over all capabilities. */
export function staleOf(manifests: readonly Manifest[], event: string): string[] {
  return [...new Set(manifests.flatMap(m => [...(m.stale?.[event] ?? [])]))]
}
export const eventsOf = (manifests: readonly Manifest[]) => [...new Set(manifests.flatMap(m => Object.keys(m.stale ?? {})))]

/** After a command of one's own: what others are told of, this page is told of at once. */
export function useNews() {
  const client = useQueryClient()
  const manifests = useManifests()
  return useCallback(
    (...events: string[]) => {
      const keys = new Set(events.flatMap(e => staleOf(manifests, e)))
      return client.invalidateQueries({ predicate: q => keys.has(String(q.queryKey[0])) })
    },
    [client, manifests],
  )
}
