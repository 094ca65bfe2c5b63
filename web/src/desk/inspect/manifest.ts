import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const inspect = {
  name: 'inspect',
  pages: [
    page('/inspect', () => import('./PlacesPage'), { q: text }),
    page('/inspect/place', () => import('./SpotPage'), { key: text }),
    page('/inspect/check', () => import('./CheckPage'), { key: text, form: text }),
    page('/campaigns', () => import('./CampaignsPage')),
    page('/campaigns/$id', () => import('./CampaignPage'), { show: text }),
    page('/visits', () => import('./VisitsPage'), { q: text, kind: text, state: text, page: whole }),
    page('/visits/$id', () => import('./VisitPage')),
  ],
  tabs: [
    { entry: 'inspect', to: '/inspect', title: { zh: '去检查', en: 'Inspect' }, icon: 'pin', verbs: ['inspect.visit'], order: 2 },
    { entry: 'inspect', to: '/campaigns', title: { zh: '专项检查', en: 'Campaigns' }, icon: 'calendar', verbs: ['inspect.plan', 'inspect.calibrate', 'inspect.visit'], order: 4 },
    { entry: 'inspect', to: '/visits', title: { zh: '检查记录', en: 'Visits' }, icon: 'list', verbs: ['inspect.read'], order: 3 },
  ],
  stale: {
    visit: ['visits', 'visit', 'inspect-places', 'inspect-place', 'figure', 'inspect-today', 'campaign', 'campaigns', 'campaign-looks'],
    campaign: ['campaigns', 'campaign', 'campaign-looks', 'inspect-today'],
  },
  records: {
    keeper: 'inspect',
    open: id => ({ to: '/visits/$id', params: { id } }),
    list: (kind, at) => (kind === 'visit' ? { to: '/visits', search: { unit: at.unit, period: at.period } } : undefined),
  },
  ownBar: path => path === '/inspect/check',
} as const satisfies Manifest
