import type { Answer } from '../../api/client'

export type Awards = Answer<'/awards'>
export type AwardRow = Awards['runs'][number]
export type Budget = Awards['budgets'][number]
export type Award = Answer<'/awards/{id}'>
export type Claimant = Award['rows'][number]
export type Batch = Award['batches'][number]
export type Claim = Answer<'/awards/{id}/units/{unit}'>
export type Receiver = Claim['split'][number]
