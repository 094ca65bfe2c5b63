import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

const list = { state: text, q: text, page: whole, sort: text, open: text, mine: text, counts_in: text, is: text, cols: text }
const form = { like: text, state: text, due: text }

export const ledger = {
  name: 'ledger',
  pages: [
    page('/ledger', () => import('./LedgerPage'), list),
    page('/ledger/$kind', () => import('./LedgerPage'), list),
    page('/entry/$id', () => import('./EntryPage')),
    page('/entry/$id/edit', () => import('./EntryFormPage'), form),
    page('/new', () => import('./NewPage')),
    page('/new/$kind', () => import('./EntryFormPage'), form),
    page('/table/$kind', () => import('./TablePage')),
    page('/verify', () => import('./VerifyPage'), { id: text, kind: text }),
  ],
  nav: [
    { entry: 'ledger', to: '/ledger', title: { zh: '台账', en: 'Ledgers' }, icon: 'list', verbs: ['ledger.read'], order: 1, under: ['/entry', '/table'] },
    {
      entry: 'verify',
      to: '/verify',
      title: { zh: '审核', en: 'Verify' },
      icon: 'check',
      verbs: [],
      when: (me, kinds) => (me.counts.queue ?? 0) > 0 || (kinds?.some(k => k.may.verify) ?? me.verbs.includes('ledger.verify')),
      badge: 'queue',
      order: 1,
      phone: 4,
    },
  ],
  tabs: [
    {
      entry: 'ledger',
      to: '/new',
      title: { zh: '登记', en: 'Record' },
      icon: 'plus',
      verbs: [],
      when: (me, kinds) => kinds?.some(k => k.may.enter) ?? me.verbs.includes('ledger.enter'), // until the kinds are known, so that nothing moves
      order: 2,
      phone: 3,
    },
  ],
  stale: { figure: ['entries', 'impact'], entry: ['entries', 'entry', 'queue', 'impact'] },
  records: {
    keeper: 'ledger',
    open: id => ({ to: '/entry/$id', params: { id } }),
    // Figures over events (late, returned) have a kind without a ledger of its own.
    list: (kind, at, kinds) => (kinds?.some(k => k.key === kind) ? { to: '/ledger/$kind', params: { kind }, search: { unit: at.unit, period: at.period, ...(at.figure ? { counts_in: at.figure } : {}), ...(at.state ? { state: at.state } : {}) } } : undefined),
  },
  ownBar: (path, search) => /^\/(new\/|entry\/.*\/edit)/.test(path) || (path === '/verify' && !!search.id),
  bench: [
    { part: 'returned', place: 'todo', order: 1, title: { zh: '退回待改', en: 'Returned to me' }, count: b => b.returned.length, load: async () => ({ default: (await import('./bench')).Returned }) },
    { part: 'queue', place: 'todo', order: 6, title: { zh: '等我审核', en: 'Waiting for me' }, count: b => b.queue_total, load: async () => ({ default: (await import('./bench')).Queue }) },
    { part: 'drafts', place: 'todo', order: 7, title: { zh: '草稿', en: 'Drafts' }, count: b => b.drafts.length, load: async () => ({ default: (await import('./bench')).Drafts }) },
    { part: 'waiting', place: 'main', order: 2, load: async () => ({ default: (await import('./bench')).Waiting }) },
    { part: 'quick', place: 'side', order: 1, load: async () => ({ default: (await import('./bench')).Quick }) },
  ],
} as const satisfies Manifest
