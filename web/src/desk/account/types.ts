import type { Answer, Item } from '../../api/client'

export type DemoAccount = Answer<'/demo'>['accounts'][number]
export type Person = Item<'/people'>
export type PersonGrant = Person['grants'][number]
