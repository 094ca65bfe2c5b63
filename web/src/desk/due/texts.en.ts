import type { zh } from './texts.zh'

const n = (x: number) => x.toLocaleString('en-GB')

export const en: typeof zh = {
  burden: {
    title: 'Burden of forms',
    intro: 'What entering records costs, by role and ledger, never by person. One field less in a rule, one delivery less a year, and the numbers here fall.',
    byRole: p => `By role (${n(p.weeks)} ${p.weeks === 1 ? 'week' : 'weeks'})`,
    role: 'Role',
    people: 'People',
    typed: 'Typed',
    imported: 'Imported',
    fields: 'Fields filled',
    minutes: 'Minutes',
    perPerson: 'Minutes per person and week',
    byKind: 'By ledger',
    asked: 'Fields',
    required: 'Required',
    every: 'Owed',
    perYear: 'Owed a year',
    perRecord: 'Per record',
    seconds: p => `${n(p.n)} s`,
    cycle: { month: 'monthly', quarter: 'quarterly', year: 'yearly', '': 'as it happens' },
    twice: 'Questions asked twice',
    twiceHint: 'Questions that several ledgers ask in the same words. What can be taken from one need not be typed again.',
    none: 'Nobody has typed into a form in this period',
  },
}
