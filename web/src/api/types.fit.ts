import type { components } from './schema'
import type * as T from './types'

type S = components['schemas']
/** The fields that a shape of ours has and the server's does not; scalars that are not of the server's type. */
type Unknown<Ours, Theirs> = {
  [K in keyof Ours]-?: K extends keyof Theirs ? (Plain<Ours[K]> extends Plain<Theirs[K]> ? never : K) : K
}[keyof Ours]
type Plain<V> = NonNullable<V> extends string ? string : NonNullable<V> extends number ? number : NonNullable<V> extends boolean ? boolean : unknown
type None<X extends never> = X

/** Every shape written by hand fits the generated one: a field that the server renames or drops no longer compiles. */
export type Fits = [
  None<Unknown<T.Me, S['AccountMe']>>,
  None<Unknown<T.Grant, S['AccountGrantView']>>,
  None<Unknown<T.DemoAccount, S['AccountDemoAccount']>>,
  None<Unknown<T.Unit, S['ReorgUnitView']>>,
  None<Unknown<T.UnitDetail, S['ReorgDetail']>>,
  None<Unknown<T.Field, S['LedgerField']>>,
  None<Unknown<T.Kind, S['LedgerKindView']>>,
  None<Unknown<T.EntryRow, S['LedgerRow']>>,
  None<Unknown<T.Change, S['LedgerChange']>>,
  None<Unknown<T.History, S['LedgerHistoryLine']>>,
  None<Unknown<T.Evidence, S['LedgerEvidenceView']>>,
  None<Unknown<T.EntryMay, S['LedgerMay']>>,
  None<Unknown<T.Entry, S['LedgerView']>>,
  None<Unknown<T.EntryPage, S['PageOutBody']>>,
  None<Unknown<T.Figure, S['DeskFigure']>>,
  None<Unknown<T.Previous, S['DeskPrevious']>>,
  None<Unknown<T.Panel, S['DeskPanel']>>,
  None<Unknown<T.DocumentRow, S['DeskDocumentRow']>>,
  None<Unknown<T.Document, S['DeskDocument']>>,
  None<Unknown<T.DocumentFigure, S['DeskCitedFigure']>>,
  None<Unknown<T.Difference, S['DeskDifference']>>,
  None<Unknown<T.SourcePage, S['DeskSourcePage']>>,
  None<Unknown<T.Queue, S['LedgerQueue']>>,
  None<Unknown<T.Bench, S['DeskBench']>>,
  None<Unknown<T.BenchFigure, S['DeskBenchFigure']>>,
  None<Unknown<T.Impact, S['ImpactOutBody']>>,
  None<Unknown<T.ImportResult, S['LedgerImportResult']>>,
  None<Unknown<T.ImportError, S['LedgerRowError']>>,
  None<Unknown<T.Person, S['AccountPersonView']>>,
  None<Unknown<T.PersonGrant, S['AccountGrantView']>>,
  None<Unknown<T.Roles, S['RolesOutBody']>>,
  None<Unknown<T.Lock, S['ClosingView']>>,
]
