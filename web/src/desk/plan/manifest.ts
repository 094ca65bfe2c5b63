import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const plan = {
  name: 'plan',
  pages: [page('/plan', () => import('./PlanPage'), { state: text, open: text, target: text }), page('/plan/matrix', () => import('./MatrixPage'))],
  nav: [{ entry: 'data', to: '/plan', title: { zh: '计划与任务', en: 'Plan and tasks' }, icon: 'list', verbs: ['plan.read'], order: 2 }],
  stale: { figure: ['plan'], plan: ['plan'] },
  bench: [
    { part: 'tasks', place: 'todo', order: 4, title: { zh: '交给我的任务', en: 'My tasks' }, count: b => b.tasks.length, load: async () => ({ default: (await import('./bench')).Tasks }) },
  ],
} as const satisfies Manifest
