import type { ReactNode } from 'react'
import { UNSAFE_PortalProvider as PortalProvider } from 'react-aria/PortalProvider'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { useI18n } from '../../shared/i18n'
import { layer } from './hooks'

/** What opens over a page stands in the page's own layer, and speaks the chosen language. */
export function Overlays({ children }: { children: ReactNode }) {
  const { lang } = useI18n()
  return (
    <I18nProvider locale={lang === 'en' ? 'en-GB' : 'zh-CN'}>
      <PortalProvider getContainer={layer}>{children}</PortalProvider>
    </I18nProvider>
  )
}
