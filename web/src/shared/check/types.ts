import type { Body, Schema } from '../../api/client'

export type Form = Schema<'InspectFormView'>
export type Section = Form['sections'][number]
export type Item = Section['items'][number]
export type VisitInput = Body<'/visits', 'post'>
export type Given = NonNullable<VisitInput['answers']>[number]
