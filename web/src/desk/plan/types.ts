import type { Answer } from '../../api/client'

export type Plan = Answer<'/plan'>
export type PlanDuty = Plan['duties'][number]
export type PlanTarget = Plan['targets'][number]
export type PlanTask = Plan['tasks'][number]
