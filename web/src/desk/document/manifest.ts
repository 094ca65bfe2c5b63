import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const document = {
  name: 'document',
  pages: [
    page('/', () => import('./SummaryPage'), { n: whole }),
    page('/documents', () => import('./RegisterPage'), { kind: text, state: text, mine: text, due: text, q: text, page: whole }),
    page('/documents/$id', () => import('./DocumentPage'), { n: whole }),
    page('/templates', () => import('./TemplatesPage')),
    page('/f/$document/$n', () => import('./SourcePage')),
  ],
  nav: [
    { entry: 'summary', to: '/', title: { zh: '总结', en: 'Summary' }, icon: 'doc', verbs: ['document.read'], when: me => me.home === 'summary', order: 1, phone: 1 },
    { entry: 'documents', to: '/documents', title: { zh: '公文', en: 'Documents' }, icon: 'tray', verbs: ['document.read', 'document.receive'], order: 2, under: ['/f/'] },
    { entry: 'rules', to: '/templates', title: { zh: '公文模板', en: 'Templates' }, icon: 'doc', verbs: ['document.read'], order: 5 },
  ],
  // Whose home is the work bench finds the summary as the first of the documents.
  tabs: [{ entry: 'documents', to: '/', title: { zh: '总结', en: 'Summary' }, icon: 'doc', verbs: ['document.read'], when: me => me.home !== 'summary', order: 1, phone: 1 }],
  stale: {
    figure: ['summary', 'document', 'documents', 'differences', 'source'],
    notice: ['documents', 'document'],
    document: ['summary', 'document', 'documents', 'differences', 'changes'],
  },
  bench: [
    { part: 'review', place: 'todo', order: 2, title: { zh: '等我审批', en: 'Awaiting my approval' }, count: b => b.review.length, load: async () => ({ default: (await import('./bench')).Review }) },
    { part: 'sign', place: 'todo', order: 3, title: { zh: '等我签收', en: 'To sign for' }, count: b => b.sign.length, load: async () => ({ default: (await import('./bench')).Sign }) },
  ],
} as const satisfies Manifest
