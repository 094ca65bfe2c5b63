import { page } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const notify = {
  name: 'notify',
  pages: [page('/channels', () => import('./ChannelsPage'))],
  nav: [{ entry: 'admin', to: '/channels', title: { zh: '通知渠道', en: 'Channels' }, icon: 'tray', verbs: ['notify.edit'], order: 5 }],
  bench: [
    { part: 'notices', place: 'side', order: 2, load: async () => ({ default: (await import('./bench')).Notices }) },
  ],
} as const satisfies Manifest
