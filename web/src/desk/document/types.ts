import type { Document } from '../../api/answers'
import type { Answer, Item } from '../../api/client'

export type Delivered = Document['deliveries'][number]
export type Difference = Answer<'/documents/{id}/differences'>['items'][number]
export type DocumentFigure = Document['cited'][number]
export type DocumentKind = Answer<'/documents'>['kinds'][number]
export type DocumentRow = Item<'/documents'>
export type Insertable = Item<'/documents/{id}/figures'>
export type SourcePage = Answer<'/source/{document}/{n}'>
export type TagName = Answer<'/templates'>['names'][number]
export type TemplateView = Item<'/templates'>
export type TemplateFault = Answer<'/templates/check', 'post'>['faults'][number]
export type WaitingDocument = Item<'/deliveries/unsigned'>
