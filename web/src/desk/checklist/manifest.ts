import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const checklist = {
  name: 'checklist',
  pages: [page('/checklists', () => import('./ChecklistsPage')), page('/checklists/$id', () => import('./ChecklistPage'), { at: text, version: whole })],
  nav: [{ entry: 'rules', to: '/checklists', title: { zh: '检查表', en: 'Checklists' }, icon: 'list', verbs: ['inspect.read'], order: 4 }],
  stale: { checklist: ['checklist-rules', 'checklist-rule', 'checklists', 'inspect-place', 'inspect-places'] },
  ownBar: path => path.startsWith('/checklists/'),
} as const satisfies Manifest
