import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Suspense, lazy, useMemo, type ComponentType, type LazyExoticComponent } from 'react'
import { get } from '../../api/client'
import type { Bench } from '../../api/answers'
import { PhoneScope } from '../ui/Scope'
import { Loaded, Skeleton, State } from '../ui/States'
import { useScope, useTitle } from '../ui/hooks'
import { useManifests, type BenchPart, type Manifest } from '../ui/manifest'
import { useI18n } from './texts'
import './bench.css'

export default function BenchPage() {
  const { m } = useI18n()
  const { unit, period } = useScope()
  useTitle(m.bench.title)
  const query = useQuery({
    queryKey: ['bench', unit, period],
    queryFn: ({ signal }) => get('/bench', { unit, period }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <Loaded query={query} rows={8}>
      {b => (
        <Suspense fallback={<Skeleton rows={8} />}>
          <Workbench b={b} />
        </Suspense>
      )}
    </Loaded>
  )
}

type View = LazyExoticComponent<ComponentType<{ bench: Bench }>>
type Drawn = BenchPart & { View: View }
// Made once: a component that waits for its code forgets what it made while it waited.
const views = new Map<BenchPart, View>()
function viewOf(p: BenchPart): View {
  const known = views.get(p)
  if (known) return known
  const made = lazy(p.load)
  views.set(p, made)
  return made
}
const partsOf = (manifests: readonly Manifest[]): Drawn[] => manifests.flatMap(x => [...(x.bench ?? [])]).sort((a, b) => a.order - b.order).map(p => ({ ...p, View: viewOf(p) }))

/** What waits for this person, put together from what each capability has for the bench. */
function Workbench({ b }: { b: Bench }) {
  const { m, l } = useI18n()
  const manifests = useManifests()
  const parts = useMemo(() => partsOf(manifests), [manifests])
  const todo = parts.flatMap(p => (p.place === 'todo' ? [{ ...p, n: p.count(b) }] : []))
  const all = todo.reduce((n, p) => n + p.n, 0)
  const at = (place: Drawn['place']) => parts.filter(p => p.place === place).map(p => <p.View key={p.part} bench={b} />)
  return (
    <div className="bench">
      <h1 className="unseen">{m.bench.title}</h1>
      <PhoneScope />
      <div className="main">
        <section>
          <header>
            <h2>
              {m.bench.todo} <b className="amount">{all}</b>
            </h2>
            <nav className="verbs" aria-label={m.bench.filter}>
              {todo
                .filter(p => p.n > 0)
                .map(p => (
                  <a
                    key={p.part}
                    href={`#${p.part}`}
                    onClick={e => {
                      e.preventDefault()
                      document.getElementById(p.part)?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
                      document.getElementById(p.part)?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true })
                    }}
                  >
                    {l(p.title)} <b>{p.n}</b>
                  </a>
                ))}
            </nav>
          </header>
          {all === 0 && (
            <State kind="done" title={m.bench.nothing}>
              {m.bench.nothingHint}
            </State>
          )}
          <ul className="items">{at('todo')}</ul>
        </section>
        {at('main')}
      </div>
      <aside className="side">{at('side')}</aside>
    </div>
  )
}
