import type { Answer } from '../../api/client'

export type List = Answer<'/cases'>
export type Looks = Answer<'/look-backs'>
export type Row = List['rows'][number]
export type View = Answer<'/cases/{id}'>
export type Event = View['events'][number]
