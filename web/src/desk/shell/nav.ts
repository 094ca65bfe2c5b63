import { useLocation } from '@tanstack/react-router'
import type { Kind, Me } from '../../api/answers'
import { manifests } from '../manifests'
import { COLUMNS, ENTRIES, type Column, type Entry, type Manifest, type Nav } from '../ui/manifest'
import { can, useKinds, useMe } from '../ui/hooks'

const all: readonly Manifest[] = manifests

const allowed = (n: Nav, me: Me, kinds: Kind[] | undefined) => (n.verbs.length === 0 || can(me, ...n.verbs)) && (n.when?.(me, kinds) ?? true)
const starts = (path: string, to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(to.endsWith('/') ? to : `${to}/`))
/** How well a page of the navigation covers an address: the longest start wins. */
const covers = (n: Nav, path: string) => Math.max(...[n.to, ...(n.under ?? [])].map(x => (starts(path, x) ? x.length : 0)))

export type Menu = {
  /** The header's own, in their fixed order. */
  main: Nav[]
  /** Behind 更多, by column. */
  more: { column: Column; items: Nav[] }[]
  /** The bar at the bottom of a phone. */
  phone: Nav[]
  /** Where one is, and the pages beside it. */
  here: Nav | undefined
  entry: Entry | Column | undefined
  beside: Nav[]
}

const byOrder = (a: Nav, b: Nav) => a.order - b.order

/** What this person may go to: entries drop out by right, none ever moves. */
export function menuOf(me: Me, kinds: Kind[] | undefined, path: string, from: readonly Manifest[] = all): Menu {
  const mine = from.flatMap(m => m.nav ?? []).filter(n => allowed(n, me, kinds))
  const tabs = from.flatMap(m => m.tabs ?? []).filter(n => allowed(n, me, kinds))
  const here = [...mine, ...tabs].filter(n => covers(n, path) > 0).sort((a, b) => covers(b, path) - covers(a, path))[0]
  const of = (entry: Entry | Column) => mine.filter(n => n.entry === entry).sort(byOrder)
  return {
    main: ENTRIES.flatMap(e => of(e).slice(0, 1)),
    more: COLUMNS.map(column => ({ column, items: of(column) })).filter(c => c.items.length > 0),
    phone: [...mine, ...tabs].filter(n => n.phone).sort((a, b) => a.phone! - b.phone!),
    here,
    entry: here?.entry,
    beside: here ? [...mine, ...tabs].filter(n => n.entry === here.entry).sort(byOrder) : [],
  }
}

export function useMenu(): Menu {
  const me = useMe()
  const { data: kinds } = useKinds()
  const { pathname } = useLocation()
  return menuOf(me, kinds, pathname)
}

/** Whether a page has its own bar at the bottom of a phone. */
export const hasOwnBar = (path: string, search: { [name: string]: unknown }) => all.some(m => m.ownBar?.(path, search))
