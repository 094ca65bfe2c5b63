import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

const choice = { type: text, state: text }

export const place = {
  name: 'place',
  pages: [
    page('/points', () => import('./PlacesPage'), { ...choice, q: text, page: whole }),
    page('/points/map', () => import('./MapPage'), { ...choice, open: text }),
    page('/points/labels', () => import('./LabelsPage'), { ...choice, ids: text }),
    page('/points/new', () => import('./PlaceFormPage'), { type: text }),
    page('/points/$id', () => import('./PlacePage')),
    page('/points/$id/edit', () => import('./PlaceFormPage')),
  ],
  nav: [{ entry: 'data', to: '/points', title: { zh: '投放点', en: 'Drop-off points' }, icon: 'pin', verbs: ['place.read'], order: 4 }],
  stale: { place: ['places', 'place'] },
  records: {
    keeper: 'place',
    open: id => ({ to: '/points/$id', params: { id } }),
    list: (kind, at) => ({ to: '/points', search: { unit: at.unit, period: at.period, type: kind } }),
  },
  ownBar: path => /^\/points\/(new|.*\/edit)/.test(path),
} as const satisfies Manifest
