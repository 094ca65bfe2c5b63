import type { EntryState } from '../../api/answers'

export const STATES: EntryState[] = ['submitted', 'returned', 'verified', 'draft', 'void']
