import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const rectify = {
  name: 'rectify',
  pages: [
    page('/cases', () => import('./CasesPage'), { state: text, age: text, mine: text, q: text, page: whole, place: text }),
    page('/cases/$id', () => import('./CasePage')),
  ],
  nav: [{ entry: 'inspect', to: '/cases', title: { zh: '检查整改', en: 'Inspection' }, icon: 'check', verbs: ['rectify.read'], badge: 'cases', order: 1, phone: 3 }],
  stale: { document: ['case'], case: ['cases', 'case', 'figure', 'bench', 'inspect-place'] },
  records: { keeper: 'rectify', open: id => ({ to: '/cases/$id', params: { id: id.slice(0, 36) } }) },
  ownBar: path => /^\/cases\/./.test(path),
  bench: [
    { part: 'cases', place: 'todo', order: 1, title: { zh: '等我办的整改', en: 'Rectification waiting for me' }, count: b => b.cases.length, load: async () => ({ default: (await import('./bench')).Cases }) },
  ],
} as const satisfies Manifest
