import type { components } from '../../api/schema'

type S = components['schemas']
type Whole<T> = { [K in keyof T]: NonNullable<T[K]> extends unknown[] ? NonNullable<T[K]> : T[K] }
export type Point = S['PlacePoint']
export type Row = Omit<S['PlaceRow'], 'point'> & { point: Point | null }
export type Body = Whole<Omit<S['PlaceBody'], '$schema'>>
export type Consent = S['PlaceConsentRecord']
export type View = Omit<Whole<S['PlaceView']>, 'point' | 'consent' | 'body' | 'steps' | 'source'> & {
  point: Point | null
  consent: Consent | null
  body: Body
  steps: (Omit<S['PlaceStepView'], 'consent'> & { consent: Consent | null })[]
  source: { zh: string; en: string } | null
}
export type TypeView = Whole<S['PlaceTypeView']>
export type List = Omit<Whole<S['PlaceListBody']>, 'rows' | 'types'> & { rows: Row[]; types: TypeView[] }
export type Outline = { unit: S['PlaceUnitRef']; type: string; rings: [number, number][][] }
export type MapData = { outlines: Outline[]; places: Row[]; nowhere: number }
export type Label = S['PlaceLabel']
