import { page, text } from '../ui/page'
import type { Manifest } from '../ui/manifest'

export const account = {
  name: 'account',
  pages: [page('/people', () => import('./PeoplePage'), { id: text }), page('/me', () => import('./MePage'))],
  nav: [{ entry: 'admin', to: '/people', title: { zh: '人员', en: 'People' }, icon: 'person', verbs: ['account.read'], order: 2 }],
  doors: { signIn: () => import('./SignInPage'), firstPassword: () => import('./FirstPasswordPage') },
  stale: { entry: ['me'], notice: ['me'] },
} as const satisfies Manifest
