import type { Answer, Item, Schema } from './client'

// Names for what several places read from the same answers. Nothing is written down here: each is a part of the document.
export type Label = Schema<'I18nLabel'>
export type Grant = Schema<'AccountGrantView'>
export type Me = Answer<'/me'>
export type Unit = Item<'/units'>
export type UnitDetail = Answer<'/units/{id}'>
export type Kind = Item<'/kinds'>
export type Field = Kind['fields'][number]

export type Entry = Answer<'/entries/{id}'>
export type EntryPage = Answer<'/entries'>
export type EntryRow = EntryPage['rows'][number]
export type EntryState = EntryRow['state']
export type Values = EntryRow['values']
export type Evidence = Entry['evidence'][number]
export type Impact = Answer<'/entries/{id}/impact'>

export type Panel = Answer<'/figures/{key}'>
export type Figure = Panel['terms'][number]
export type Previous = NonNullable<Panel['before']>

export type Document = Answer<'/documents/{id}'>
export type DocumentState = Document['state']
export type Bench = Answer<'/bench'>
export type Target = NonNullable<Bench['figures'][number]['target']>
