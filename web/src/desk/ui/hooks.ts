import { useNavigate, useSearch } from '@tanstack/react-router'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useEffectEvent, useState } from 'react'
import { get } from '../../api/client'
import type { Me } from '../../api/answers'
import { isDay } from '../../shared/format'
import { useI18n } from '../../shared/i18n'

/** All search parameters of the desk. Unit and period ride along on every link. */
export type DeskSearch = {
  unit?: number
  period?: string
  fig?: string // an opened figure: key~unit~period
  n?: number // the opened figure of a document
  state?: string
  q?: string
  page?: number
  sort?: string
  open?: string
  mine?: string
  counts_in?: string
  kind?: string
  from?: string
  id?: string
  like?: string
  due?: string
  is?: string // conditions on the kind's fields: field:value,…
  cols?: string // columns of a list
  by?: string // grain of a trend
  with?: string // the period compared with
  units?: string // further units of a comparison: 3.7.9
  field?: string // a composition's field
  type?: string // a type of place
  ids?: string // places of a label sheet: a.b.c
  target?: string // a figure to set a target for
}

export const MeContext = createContext<Me | null>(null)
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe outside a signed-in page')
  return me
}
export const can = (me: Me, ...verbs: string[]) => verbs.some(v => me.verbs.includes(v))

export function useUrl(): [DeskSearch, (patch: Partial<DeskSearch>, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as DeskSearch
  const navigate = useNavigate()
  const set = useCallback(
    (patch: Partial<DeskSearch>, options: { replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (old: DeskSearch) => ({ ...old, ...patch }),
        replace: options.replace ?? false,
        resetScroll: false,
      } as Parameters<typeof navigate>[0])
    },
    [navigate],
  )
  return [search, set]
}

/** The unit and period this page speaks about: from the URL, else the person's own. */
export function useScope() {
  const me = useMe()
  const [search, set] = useUrl()
  const { data: units } = useUnits()
  const unit = search.unit ?? me.grants[0]?.unit.id ?? me.unit.id
  const found = units?.find(u => u.id === unit)
  const known = found?.name ?? (me.grants.find(g => g.unit.id === unit)?.unit.name || (unit === me.unit.id ? me.unit.name : ''))
  return { unit, period: search.period ?? me.period, unitName: known, unitRow: found, set }
}

/** A list that seldom changes and that many parts of a page ask for. */
function useItems<T>(key: readonly string[], ask: (signal: AbortSignal) => Promise<{ items: T[] }>) {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask(signal),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
    select: d => d.items,
  })
}
/** The units in reach; with a past day those of that day, the ones closed since among them. */
export function useUnits(day = '') {
  const { today } = useMe()
  const past = isDay(day) && day < today ? { day } : {}
  return useItems(['units', ...Object.values(past)], signal => get('/units', past, signal))
}
export const useKinds = () => useItems(['kinds'], signal => get('/kinds', {}, signal))
export const useSchemes = () => useItems(['schemes'], signal => get('/schemes', {}, signal))
export function useRoles(enabled = true) {
  return useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => get('/roles', {}, signal), staleTime: 5 * 60_000, enabled })
}

export function useTitle(page: string | undefined) {
  const { m } = useI18n()
  useEffect(() => {
    document.title = page ? m.app.title({ page }) : m.app.name
  }, [page, m])
}

export function useMedia(query: string) {
  const [on, set] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const q = matchMedia(query)
    const change = () => set(q.matches)
    change()
    q.addEventListener('change', change)
    return () => q.removeEventListener('change', change)
  }, [query])
  return on
}
export const useIsPhone = () => useMedia('(max-width: 767px)')

const typing = (e: Event) => {
  const t = e.target as HTMLElement | null
  return !!t && (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable)
}
/** Dialogs and viewers stand in the page's own layer: when a session ends they go behind the sign-in with it. */
export const layer = () => document.getElementById('layers') ?? document.body
/** Whether the page stands behind the sign-in. */
export const covered = () => !!document.querySelector('.desk-app[hidden]')

/** Single keys of a page. Never while typing, composing, or under a dialog. Keys are KeyboardEvent.key in lower case. */
export function useHotkeys(keys: { [key: string]: (e: KeyboardEvent) => void }, enabled = true) {
  const press = useEffectEvent((key: string, e: KeyboardEvent) => {
    const run = keys[key]
    if (!run) return
    e.preventDefault()
    run(e)
  })
  useEffect(() => {
    if (!enabled) return
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return
      const key = e.key.toLowerCase()
      if (covered() || (typing(e) && key !== 'escape')) return
      if (document.querySelector('[role=dialog], [role=alertdialog]')) return
      if (key === 'enter' && (e.target as HTMLElement).closest?.('a, button, summary')) return
      press(key, e)
    }
    addEventListener('keydown', down)
    return () => removeEventListener('keydown', down)
  }, [enabled])
}

/** True once something has taken longer than a blink. */
export function useLate(ms = 300) {
  const [late, set] = useState(false)
  useEffect(() => {
    const t = setTimeout(() => set(true), ms)
    return () => clearTimeout(t)
  }, [ms])
  return late
}
