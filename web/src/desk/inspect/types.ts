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
export type CampaignRow = ItemOf<'/campaigns'>
export type Campaign = Answer<'/campaigns/{id}'>
export type DrawRow = Campaign['rows'][number]
export type CampaignInput = Body<'/campaigns', 'post'>
export type TodayRow = ItemOf<'/inspect-today'>
export type LooksOf = Answer<'/campaigns/{id}/looks'>
