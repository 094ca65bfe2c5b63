import type { zhDue } from './zh-due'

const n = (x: number) => x.toLocaleString('en-GB')

export const enDue: typeof zhDue = {
  due: {
    title: 'Deliveries',
    state: { open: 'Not due yet', missing: 'Missing', delivered: 'In time', late: 'Late', exempt: 'Exempt' },
    kinds: 'Ledgers',
    month: p => ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][p.n - 1]!,
    total: p =>
      `${n(p.of)} owed, ${n(p.done)} delivered${p.late ? ` (${n(p.late)} late)` : ''}, ${n(p.missing)} missing${p.open ? `, ${n(p.open)} not due yet` : ''}${p.exempt ? `, ${n(p.exempt)} exempt` : ''}`,
    onlyMissing: 'Only units that have not delivered',
    remindAll: p => `Remind for ${n(p.n)}`,
    remindOne: 'Remind',
    reminded: p => `${n(p.persons)} ${p.persons === 1 ? 'person' : 'people'} of ${n(p.units)} ${p.units === 1 ? 'unit' : 'units'} reminded`,
    already: p => `${n(p.n)} ${p.n === 1 ? 'unit was' : 'units were'} reminded today already`,
    nobody: p => `Nobody to remind at: ${p.t}`,
    lastReminded: p => `Last reminded ${p.t}`,
    dueBy: p => `Due by ${p.t}`,
    deliveredOn: p => `Delivered ${p.t}`,
    lateDays: p => `${n(p.n)} ${p.n === 1 ? 'day' : 'days'} late`,
    exempt: 'Exempt…',
    unexempt: 'Owed after all',
    exemptTitle: p => `${p.unit}: exempt for ${p.period}`,
    exemptHint: 'An exempt delivery is no longer counted as owed; the reason stays here.',
    exempted: 'Exempted',
    unexempted: 'Owed again',
    records: 'See the records',
    enter: 'Enter it',
    none: 'Nothing was owed in this period',
    noneHint: 'A ledger’s rule says how often it is delivered; once a period is over, the units that owe it stand here.',
    allDone: 'Everything has been delivered',
    absent: 'Who has not delivered',
    absentOf: p => `${n(p.n)} of ${n(p.of)} missing`,
    goRemind: 'Remind',
    all: 'All deliveries',
    cell: p => `${p.unit} ${p.period}: ${p.state}`,
  },
}
