import type { Answer } from '../../api/client'

export type FigurePage = Answer<'/figures/{key}/page'>
export type Before = NonNullable<FigurePage['before']>
export type UnitLine = FigurePage['units'][number]
export type Point = FigurePage['trend'][number]
export type FigurePlan = NonNullable<FigurePage['plan']>
export type FigureTarget = FigurePlan['targets'][number]
export type FigureTerm = FigurePage['terms'][number]
export type Catalogue = Answer<'/figure-catalogue'>
export type CatalogueItem = Catalogue['items'][number]
export type Breakdown = Answer<'/figures/{key}/breakdown'>
export type Comparison = Answer<'/figures/{key}/compare'>
// The document says of a point only that it is a list of numbers; it is two.
export type Outline = Omit<Answer<'/place-outlines'>['outlines'][number], 'rings'> & { rings: [number, number][][] }
