import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { again, pause, statusOf } from '../../api/errors'
import { LangContext, currentLang, dict, keepLang, type Lang } from '../../shared/i18n'
import { Toasts, toast } from '../ui/Toast'
import { Overlays } from '../ui/overlay'
import { router } from './router'

export const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // The session ended somewhere else: the shell asks to sign in again, the page stays where it is.
      if (statusOf(error) === 401 && query.queryKey[0] !== 'me') void client.invalidateQueries({ queryKey: ['me'] })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: again,
      retryDelay: pause,
      refetchOnWindowFocus: true,
    },
  },
})

try {
  if (localStorage.getItem('sifen.large') === '1') document.documentElement.classList.add('large')
} catch {
  // storage refused
}
addEventListener('sifen:signed-out', () => void client.invalidateQueries({ queryKey: ['me'] }))
// A tab left open over an upgrade asks for parts that are gone.
addEventListener('vite:preloadError', e => {
  e.preventDefault()
  const m = dict(currentLang())
  toast(m.shell.newVersion, { text: m.shell.refresh, run: () => location.reload() })
})

export function App() {
  const [lang, set] = useState<Lang>(currentLang)
  useEffect(() => keepLang(lang), [lang])
  const value = useMemo(
    () => ({
      lang,
      setLang: (next: Lang) => {
        keepLang(next)
        set(next)
        void client.invalidateQueries()
      },
    }),
    [lang],
  )
  return (
    <LangContext.Provider value={value}>
      <QueryClientProvider client={client}>
        <Overlays>
          <RouterProvider router={router} />
        </Overlays>
        <Toasts />
      </QueryClientProvider>
    </LangContext.Provider>
  )
}
