import type { Answer, Body, Item as ItemOf } from '../../api/client'
export type { Form, Given, Item, Section } from '../../shared/check/types'

export type Spot = Answer<'/inspect-place'>
export type SpotRow = ItemOf<'/inspect-places'>
export type Visit = Answer<'/visits/{id}'>
export type VisitRow = Answer<'/visits'>['rows'][number]
export type CampaignRow = ItemOf<'/campaigns'>
export type Campaign = Answer<'/campaigns/{id}'>
export type DrawRow = Campaign['rows'][number]
export type CampaignInput = Body<'/campaigns', 'post'>
export type TodayRow = ItemOf<'/inspect-today'>
export type LooksOf = Answer<'/campaigns/{id}/looks'>
