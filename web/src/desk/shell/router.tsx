import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router'
import { isPeriod } from '../../shared/format'
import { Missing, Skeleton } from '../ui/States'
import type { DeskSearch } from '../ui/hooks'
import { Crash, Shell } from './Shell'

const text = (x: unknown) => (typeof x === 'string' && x ? x : typeof x === 'number' ? String(x) : undefined)
const whole = (x: unknown) => (x !== undefined && x !== '' && Number.isInteger(Number(x)) && Number(x) > 0 ? Number(x) : undefined)

// The URL is the state: whatever a person sees can be bookmarked, sent and printed.
export function readSearch(s: Record<string, unknown>): DeskSearch {
  const period = text(s.period)
  const all: DeskSearch = {
    unit: whole(s.unit),
    period: period && isPeriod(period) ? period : undefined,
    fig: text(s.fig),
    n: whole(s.n),
    state: text(s.state),
    q: text(s.q),
    page: whole(s.page),
    sort: text(s.sort),
    open: text(s.open),
    mine: text(s.mine),
    counts_in: text(s.counts_in),
    kind: text(s.kind),
    from: text(s.from),
    id: text(s.id),
    like: text(s.like),
    due: text(s.due),
    is: text(s.is),
    cols: text(s.cols),
    by: text(s.by),
    with: text(s.with),
    units: text(s.units),
    field: text(s.field),
    type: text(s.type),
    ids: text(s.ids),
    target: text(s.target),
  }
  for (const k of Object.keys(all) as (keyof DeskSearch)[]) if (all[k] === undefined) delete all[k]
  return all
}

const root = createRootRoute({
  component: Shell,
  validateSearch: readSearch,
  search: { middlewares: [retainSearchParams(['unit', 'period'])] },
  notFoundComponent: Missing,
  errorComponent: Crash,
})
const page = <P extends string>(path: P, load: () => Promise<{ default: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'default') })

const routeTree = root.addChildren([
  page('/', () => import('../document/SummaryPage')),
  page('/bench', () => import('../notify/BenchPage')),
  page('/ledger', () => import('../ledger/LedgerPage')),
  page('/ledger/$kind', () => import('../ledger/LedgerPage')),
  page('/entry/$id', () => import('../ledger/EntryPage')),
  page('/entry/$id/edit', () => import('../ledger/EntryFormPage')),
  page('/new', () => import('../ledger/NewPage')),
  page('/new/$kind', () => import('../ledger/EntryFormPage')),
  page('/table/$kind', () => import('../ledger/TablePage')),
  page('/verify', () => import('../ledger/VerifyPage')),
  page('/import', () => import('../ledger/ImportPage')),
  page('/documents', () => import('../document/RegisterPage')),
  page('/documents/$id', () => import('../document/DocumentPage')),
  page('/templates', () => import('../document/TemplatesPage')),
  page('/plan', () => import('../plan/PlanPage')),
  page('/plan/matrix', () => import('../plan/MatrixPage')),
  page('/figures', () => import('../indicator/FiguresPage')),
  page('/figures/$key', () => import('../indicator/FigurePage')),
  page('/points', () => import('../place/PlacesPage')),
  page('/points/map', () => import('../place/MapPage')),
  page('/points/labels', () => import('../place/LabelsPage')),
  page('/points/new', () => import('../place/PlaceFormPage')),
  page('/points/$id', () => import('../place/PlacePage')),
  page('/points/$id/edit', () => import('../place/PlaceFormPage')),
  page('/f/$document/$n', () => import('../document/SourcePage')),
  page('/due', () => import('../due/DuePage')),
  page('/burden', () => import('../due/BurdenPage')),
  page('/channels', () => import('../notify/ChannelsPage')),
  page('/units', () => import('../org/UnitsPage')),
  page('/people', () => import('../account/PeoplePage')),
  page('/me', () => import('../account/MePage')),
  page('/locks', () => import('../closing/LocksPage')),
])

export const router = createRouter({
  routeTree,
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
