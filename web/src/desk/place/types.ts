import type { Answer, Body as Sent, Item } from '../../api/client'

export type List = Answer<'/places'>
export type Row = List['rows'][number]
export type TypeView = List['types'][number]
export type View = Answer<'/places/{id}'>
export type Point = NonNullable<Row['point']>
export type Consent = NonNullable<View['consent']>
export type Body = View['body']
export type Input = Sent<'/places/{id}', 'put'>
// The document says of a point only that it is a list of numbers; it is two.
export type Outline = Omit<Answer<'/place-map'>['outlines'][number], 'rings'> & { rings: [number, number][][] }
export type MapData = Omit<Answer<'/place-map'>, 'outlines'> & { outlines: Outline[] }
export type Label = Item<'/place-labels'>
