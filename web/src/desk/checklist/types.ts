import type { Answer, Schema } from '../../api/client'

export type Checklist = Schema<'InspectChecklist'>
export type Section = Checklist['sections'][number]
export type Item = Section['items'][number]
export type Phrase = NonNullable<Item['phrases']>[number]
export type List = Answer<'/checklist-rules'>
export type Choices = List['choices']
export type Page = Answer<'/checklist-rules/{id}'>
export type Read = Answer<'/checklist-rules/read', 'post'>
export type Note = Read['asked'][number]
export type Checked = Answer<'/checklist-rules/check', 'post'>
