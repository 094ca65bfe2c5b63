import { createRouter } from '@tanstack/react-router'
import { manifests } from '../manifests'
import { root } from '../ui/page'
import { Missing, Skeleton } from '../ui/States'
import { Crash, Shell } from './Shell'

type Page = (typeof manifests)[number]['pages'][number]

root.update({ component: Shell, notFoundComponent: Missing, errorComponent: Crash })

export const router = createRouter({
  routeTree: root.addChildren(manifests.flatMap((m): readonly Page[] => m.pages)),
  defaultPreload: 'intent',
  defaultPendingComponent: Skeleton,
  defaultPendingMs: 300,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
  parseSearch: s => Object.fromEntries(new URLSearchParams(s)),
  stringifySearch: s => {
    const q = new URLSearchParams()
    for (const [k, v] of Object.entries(s)) if (v !== undefined && v !== null && v !== '') q.set(k, String(v))
    const out = q.toString().replace(/%7E/g, '~').replace(/%3A/g, ':')
    return out ? `?${out}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
