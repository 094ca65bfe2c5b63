import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const special = {
  name: 'special',
  pages: [page('/special', () => import('./SpecialPage'), { open: text })],
  tabs: [{ entry: 'inspect', to: '/special', title: { zh: '检查台账', en: 'Special inspections' }, icon: 'list', verbs: ['inspect.read'], order: 5 }],
  stale: { special: ['special', 'figure', 'bench'] },
  records: {
    keeper: 'special',
    open: id => ({ to: '/special', search: { open: id } }),
    list: (kind, at) => (kind === 'special-inspection' ? { to: '/special', search: { unit: at.unit, period: at.period } } : undefined),
  },
} as const satisfies Manifest
