import { type Answer, type Body } from '../../api/client'

export type View = Answer<'/import-runs/{id}'>

export type Line = View['lines'][number]

export type Mend = { line?: number; column: number; was?: string; text: string }

/** What is done with waiting rows. */
export type Act = Body<'/import-runs/{id}/rows', 'post'>
