import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const dispatch = {
  name: 'dispatch',
  pages: [
    page('/meetings', () => import('./MeetingsPage'), { state: text, q: text, page: whole }),
    page('/meetings/$id', () => import('./MeetingPage')),
    page('/decisions', () => import('./DecisionsPage'), { state: text, mine: text, q: text, page: whole, open: text }),
    page('/bulletins', () => import('./BulletinsPage')),
  ],
  tabs: [
    { entry: 'documents', to: '/bulletins', title: { zh: '月度通报', en: 'Bulletins' }, icon: 'calendar', verbs: ['dispatch.read'], when: me => me.verbs.includes('dispatch.edit') || me.home === 'summary', order: 3 },
    { entry: 'documents', to: '/meetings', title: { zh: '调度会', en: 'Meetings' }, icon: 'list', verbs: ['dispatch.read'], order: 4 },
    { entry: 'documents', to: '/decisions', title: { zh: '议定事项', en: 'Decisions' }, icon: 'check', verbs: ['dispatch.read'], order: 5 },
  ],
  stale: { document: ['meeting', 'bulletins'], meeting: ['meetings', 'meeting', 'decisions', 'decision', 'bulletins', 'figure', 'bench'] },
  records: {
    keeper: 'dispatch',
    open: id => (id.includes('.') ? { to: '/decisions', search: { open: id.slice(0, 36) } } : { to: '/meetings/$id', params: { id } }),
    list: (kind, at) => (kind === 'meeting' ? { to: '/meetings', search: { unit: at.unit, period: at.period } } : { to: '/decisions', search: { unit: at.unit, period: at.period, state: 'all' } }),
  },
  bench: [
    { part: 'decisions', place: 'todo', order: 5, title: { zh: '会议议定、等我办的', en: 'Decided by meetings, waiting for me' }, count: b => b.decisions.length, load: async () => ({ default: (await import('./bench')).Decisions }) },
  ],
} as const satisfies Manifest
