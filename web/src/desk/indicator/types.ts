import type { components } from '../../api/schema'
import type { EntryRow, FigureTarget, Label } from '../../api/types'

type S = components['schemas']
/** The generator cannot say that a pointer may be null, nor that a list never is. */
type Whole<T> = { [K in keyof T]: NonNullable<T[K]> extends unknown[] ? NonNullable<T[K]> : T[K] }

export type Before = S['DeskBefore']
export type UnitLine = Omit<Whole<S['DeskUnitLine']>, 'before' | 'target'> & { before: Before | null; target: S['DeskUnitTarget'] | null }
export type Point = S['DeskPoint']
export type FigurePlan = Omit<Whole<S['DeskFigurePlan']>, 'targets'> & { targets: FigureTarget[] }
export type FigureTerm = Omit<S['DeskFigureTerm'], 'before' | 'unit_of'> & { before: Before | null; unit_of: Label | null }
export type FigurePage = Omit<Whole<S['DeskFigurePage']>, 'before' | 'plan' | 'own' | 'source' | 'unit_of' | 'units' | 'terms' | 'records' | 'not_done'> & {
  before: Before | null
  plan: FigurePlan | null
  own: UnitLine | null
  source: Label | null
  unit_of: Label | null
  units: UnitLine[]
  terms: FigureTerm[]
  records: EntryRow[]
  not_done: { total: number; units: S['DeskUnitRef'][] }
}
export type CatalogueItem = Omit<Whole<S['DeskCatalogueItem']>, 'before' | 'unit_of' | 'months'> & { before: Before | null; unit_of: Label | null; months: (number | null)[] }
export type Catalogue = { items: CatalogueItem[]; unit: S['DeskUnitRef']; period: string; as_of: number }
export type Breakdown = Whole<S['DeskBreakdown']>
export type Comparison = { figure: { key: string; title: Label }; unit_of: Label | null; period: string; with: string; lines: UnitLine[] }
