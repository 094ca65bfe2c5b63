import type { AnyRoute } from '@tanstack/react-router'
import { createContext, use, type ComponentType } from 'react'
import type { Bench, Kind, Label, Me } from '../../api/answers'
import type { IconName } from './Icon'
import { useKinds } from './hooks'

/** The entries of the header, in the order in which they stand: for a person some drop out, none ever moves. */
export const ENTRIES = ['summary', 'bench', 'ledger', 'verify', 'inspect', 'award', 'haul', 'documents'] as const
/** The columns behind the last entry. */
export const COLUMNS = ['data', 'rules', 'admin'] as const
export type Entry = (typeof ENTRIES)[number]
export type Column = (typeof COLUMNS)[number]

export type Nav = {
  entry: Entry | Column
  to: string
  title: Label
  icon: IconName
  /** One of these is enough; none asks for nothing. */
  verbs: readonly string[]
  /** Where the verb alone does not tell; the kinds are unknown while they are read. */
  when?: (me: Me, kinds: Kind[] | undefined) => boolean
  /** A count of /me that stands beside the title. */
  badge?: string
  /** Among those of the same entry. */
  order: number
  /** Addresses that belong here beside those that begin with to. */
  under?: readonly string[]
  /** Its place in the bar at the bottom of a phone. */
  phone?: number
}

/** A place to go to, as a link takes it. */
export type Target = { to: string; params?: { [name: string]: string }; search?: { [name: string]: string | number | undefined } }
export type At = { unit: number; period: string; figure?: string; state?: string }

/** One group of the work bench: its part of the answer, and what draws it. */
export type BenchPart = {
  part: string
  order: number
  load: () => Promise<{ default: ComponentType<{ bench: Bench }> }>
} & ({ place: 'todo'; title: Label; count: (b: Bench) => number } | { place: 'main' | 'side' })

/** What a capability gives to the desk. The shell knows no capability; it loops over these. */
export type Manifest = {
  name: string
  pages: readonly AnyRoute[]
  nav?: readonly Nav[]
  /** Further pages of an entry, in the bar below the header. */
  tabs?: readonly Nav[]
  /** Which of its own queries a piece of news makes stale. */
  stale?: { readonly [event: string]: readonly string[] }
  /** How the records it keeps are opened, and where the records behind a figure are listed. */
  records?: { keeper: string; open: (id: string) => Target; list?: (kind: string, at: At, kinds: Kind[] | undefined) => Target | undefined }
  /** Pages with a bar of their own at the bottom of a phone. */
  ownBar?: (path: string, search: { [name: string]: unknown }) => boolean
  bench?: readonly BenchPart[]
  /** What stands before the pages: signing in, and the password that must be changed first. */
  doors?: { signIn: () => Promise<{ default: ComponentType }>; firstPassword: () => Promise<{ default: ComponentType }> }
}

/** All of them, for parts of ui that open what some capability keeps. */
export const Manifests = createContext<readonly Manifest[]>([])
export const useManifests = () => use(Manifests)

/** How records of a keeper are opened. */
export function useRecords(keeper: string | undefined) {
  const all = useManifests()
  return all.find(m => m.records && m.records.keeper === keeper)?.records
}

/** Where the records behind a figure are listed; undefined where its keeper has no list of them. */
export function useList(keeper: string | undefined, kind: string | undefined): ((at: At) => Target) | undefined {
  const { data: kinds } = useKinds()
  const list = useRecords(keeper)?.list
  if (!list || !kind || !list(kind, { unit: 0, period: '' }, kinds)) return undefined
  return at => list(kind, at, kinds)!
}
