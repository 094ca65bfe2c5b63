import { type Answer } from '../../api/client'

export type View = Answer<'/import-runs/{id}'>

export type Line = View['lines'][number]

export type Mend = { line?: number; column: number; was?: string; text: string }
