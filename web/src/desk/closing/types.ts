import type { Item } from '../../api/client'

export type Lock = Item<'/locks'>
