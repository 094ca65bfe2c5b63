import { page } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const workbench = {
  name: 'workbench',
  pages: [page('/bench', () => import('./BenchPage'))],
  nav: [{ entry: 'bench', to: '/bench', title: { zh: '工作台', en: 'Bench' }, icon: 'home', verbs: [], badge: 'todo', order: 1, phone: 2 }],
  stale: { figure: ['bench'], entry: ['bench'], notice: ['bench'], plan: ['bench'], document: ['bench'] },
} as const satisfies Manifest
