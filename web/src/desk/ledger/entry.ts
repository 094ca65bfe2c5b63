import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { get } from '../../api/client'
import type { Entry } from '../../api/answers'
import { useKinds } from '../ui/hooks'
import { useNews } from '../ui/news'

export function useEntry(id: string | undefined) {
  return useQuery({ queryKey: ['entry', id], queryFn: ({ signal }) => get('/entries/{id}', { id: id! }, signal), enabled: !!id })
}
export function useKind(key: string | undefined) {
  const kinds = useKinds()
  return kinds.data?.find(k => k.key === key)
}
/** After a command on a record everything that may show it is read again. */
export function useEntryChanged() {
  const client = useQueryClient()
  const news = useNews()
  return useCallback(
    (entry?: Entry) => {
      if (entry?.id) client.setQueryData(['entry', entry.id], entry)
      return news('entry', 'figure')
    },
    [client, news],
  )
}
