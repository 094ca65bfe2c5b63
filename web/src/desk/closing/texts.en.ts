import type { zh } from './texts.zh'
import { n } from '../../shared/i18n/count'

export const en: typeof zh = {
  locks: {
    title: 'Period locks',
    add: 'Lock a period',
    why: 'In a locked period records can no longer be entered, changed or voided; figures stay.',
    all: 'All kinds',
    unlock: 'Unlock',
    unlockAsk: 'Records of this period can be changed again, and figures with them.',
    none: 'No period is locked',
    noneHint: 'When the figures of a year or quarter are final, lock them here.',
    by: 'Locked by',
    lastDay: 'Last day',
    done: 'Locked',
    undone: 'Unlocked',
    waiting: p => (p.n === 1 ? 'One record of these days waits for verification; once locked it cannot be verified' : `${n(p.n)} records of these days wait for verification; once locked they cannot be verified`),
  },
}
