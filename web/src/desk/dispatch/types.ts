import type { Answer } from '../../api/client'

export type List = Answer<'/meetings'>
export type Row = List['rows'][number]
export type Meeting = Answer<'/meetings/{id}'>
export type Seat = Meeting['seats'][number]
export type Decision = Answer<'/decisions'>['rows'][number]
export type Paper = NonNullable<Meeting['pack']>
