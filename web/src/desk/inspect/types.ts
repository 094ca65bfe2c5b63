import type { Answer, Body, Item as ItemOf } from '../../api/client'

export type Spot = Answer<'/inspect-place'>
export type SpotRow = ItemOf<'/inspect-places'>
export type Form = Spot['forms'][number]
export type Section = Form['sections'][number]
export type Item = Section['items'][number]
export type Visit = Answer<'/visits/{id}'>
export type VisitRow = Answer<'/visits'>['rows'][number]
export type Input = Body<'/visits', 'post'>
export type Given = NonNullable<Input['answers']>[number]
