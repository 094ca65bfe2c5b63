import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const assess = {
  name: 'assess',
  pages: [page('/scores', () => import('./ScoresPage'), { kind: text }), page('/scores/$id', () => import('./RunPage')), page('/scores/$id/units/$no', () => import('./UnitPage'))],
  nav: [{ entry: 'award', to: '/scores', title: { zh: '考核评分', en: 'Scores' }, icon: 'chart', verbs: ['assess.read'], badge: 'scores', order: 1 }],
  stale: { score: ['scores', 'score-run', 'score-unit', 'bench'] },
  bench: [{ part: 'objections', place: 'todo', order: 4, title: { zh: '评分异议', en: 'Objections to scores' }, count: b => b.objections.length, load: async () => ({ default: (await import('./bench')).ObjectionsBench }) }],
} as const satisfies Manifest
