import { page } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const fund = {
  name: 'fund',
  pages: [page('/awards', () => import('./AwardsPage')), page('/awards/$id', () => import('./AwardPage')), page('/awards/$id/units/$no', () => import('./ClaimantPage'))],
  nav: [{ entry: 'award', to: '/awards', title: { zh: '奖补资金', en: 'Awards' }, icon: 'chart', verbs: ['fund.read'], badge: 'awards', order: 2 }],
  stale: { award: ['awards', 'award-run', 'award-unit'] },
} as const satisfies Manifest
