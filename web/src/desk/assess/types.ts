import type { Answer } from '../../api/client'

export type Scores = Answer<'/scores'>
export type RunRow = Scores['runs'][number]
export type Run = Answer<'/scores/{id}'>
export type Row = Run['groups'][number]['rows'][number]
export type UnitScore = Answer<'/scores/{id}/units/{unit}'>
export type ItemScore = UnitScore['blocks'][number]['items'][number]
export type Objection = Run['objections'][number]
export type Correct = ItemScore['correct'][number]
export type Name = ItemScore['enter'][number]
