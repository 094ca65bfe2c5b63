import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const figure = {
  name: 'figure',
  pages: [
    page('/figures', () => import('./FiguresPage'), { q: text }),
    page('/figures/$key', () => import('./FigurePage'), { by: text, with: text, units: text, field: text }),
  ],
  nav: [{ entry: 'data', to: '/figures', title: { zh: '指标', en: 'Figures' }, icon: 'chart', verbs: ['figure.read'], order: 1 }],
  stale: { figure: ['figure'] },
  bench: [
    { part: 'figures', place: 'main', order: 3, load: async () => ({ default: (await import('./bench')).BenchFigures }) },
  ],
} as const satisfies Manifest
