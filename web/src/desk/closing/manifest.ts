import { page } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const closing = {
  name: 'closing',
  pages: [page('/locks', () => import('./LocksPage'))],
  nav: [{ entry: 'admin', to: '/locks', title: { zh: '锁期', en: 'Locks' }, icon: 'lock', verbs: ['closing.read'], order: 4 }],
} as const satisfies Manifest
