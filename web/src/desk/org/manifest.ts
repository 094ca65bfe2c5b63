import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const org = {
  name: 'org',
  pages: [page('/units', () => import('./UnitsPage'), { id: text })],
  nav: [{ entry: 'admin', to: '/units', title: { zh: '单位', en: 'Units' }, icon: 'home', verbs: ['org.read'], order: 1 }],
} as const satisfies Manifest
