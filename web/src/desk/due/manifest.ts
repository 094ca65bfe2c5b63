import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const due = {
  name: 'due',
  pages: [page('/due', () => import('./DuePage'), { kind: text, state: text }), page('/burden', () => import('./BurdenPage'))],
  nav: [
    { entry: 'data', to: '/due', title: { zh: '报送情况', en: 'Submissions' }, icon: 'check', verbs: ['ledger.read'], order: 3 },
    { entry: 'admin', to: '/burden', title: { zh: '负担表', en: 'Burden' }, icon: 'clock', verbs: ['account.read'], order: 6 },
  ],
  stale: { entry: ['due'] },
  bench: [
    { part: 'owed', place: 'todo', order: 5, title: { zh: '该登记的', en: 'To enter' }, count: b => b.owed.length, load: async () => ({ default: (await import('./bench')).Owed }) },
    { part: 'absent', place: 'main', order: 1, load: async () => ({ default: (await import('./bench')).Absent }) },
  ],
} as const satisfies Manifest
