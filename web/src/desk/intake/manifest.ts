import { page, text, whole } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const intake = {
  name: 'intake',
  pages: [page('/import', () => import('./ImportPage'), { id: text, kind: text, state: text, page: whole })],
  nav: [
    {
      entry: 'admin',
      to: '/import',
      title: { zh: '导入', en: 'Import' },
      icon: 'upload',
      verbs: [],
      when: (me, kinds) => kinds?.some(k => k.may.enter) ?? me.verbs.includes('ledger.enter'),
      order: 3,
    },
  ],
} as const satisfies Manifest
