import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const rectify = {
  name: 'rectify',
  pages: [
    page('/cases', () => import('./CasesPage'), { state: text, age: text, mine: text, q: text, page: whole, place: text, as: text, lead: text }),
    page('/cases/$id', () => import('./CasePage')),
    page('/transfers', () => import('./TransfersPage')),
    page('/look-backs', () => import('./LooksPage'), { month: text }),
  ],
  nav: [{ entry: 'inspect', to: '/cases', title: { zh: '检查整改', en: 'Inspection' }, icon: 'check', verbs: ['rectify.read'], badge: 'cases', order: 1, phone: 3 }],
  tabs: [
    { entry: 'inspect', to: '/look-backs', title: { zh: '回头看', en: 'Look-backs' }, icon: 'undo', verbs: ['rectify.read'], order: 5 },
    { entry: 'inspect', to: '/transfers', title: { zh: '移送执法', en: 'Hand-overs' }, icon: 'up', verbs: ['rectify.transfer'], order: 6 },
  ],
  stale: { document: ['case'], case: ['cases', 'case', 'look-backs', 'figure', 'bench', 'inspect-place'] },
  records: { keeper: 'rectify', open: id => ({ to: '/cases/$id', params: { id: id.slice(0, 36) } }) },
  ownBar: path => /^\/cases\/./.test(path),
  bench: [
    { part: 'look_backs', place: 'todo', order: 2, title: { zh: '回头看', en: 'Look-backs' }, count: b => b.look_backs.length, load: async () => ({ default: (await import('./bench')).LookBacks }) },
    { part: 'cases', place: 'todo', order: 1, title: { zh: '等我办的整改', en: 'Rectification waiting for me' }, count: b => b.cases.length, load: async () => ({ default: (await import('./bench')).Cases }) },
  ],
} as const satisfies Manifest
