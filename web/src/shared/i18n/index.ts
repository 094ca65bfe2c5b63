import { createContext, useContext } from 'react'
import { en } from './en'
import { zh } from './zh'

export type Messages = typeof zh
export type Lang = 'zh' | 'en'
type Label = { zh: string; en: string }

export const dict = (lang: Lang): Messages => (lang === 'en' ? en : zh)

let current: Lang = 'zh'
try {
  current = localStorage.getItem('sifen.lang') === 'en' ? 'en' : 'zh'
} catch {
  // storage refused: the language lasts for this page
}
export const currentLang = () => current
export function keepLang(lang: Lang) {
  current = lang
  document.documentElement.lang = lang === 'en' ? 'en' : 'zh-CN'
  try {
    localStorage.setItem('sifen.lang', lang)
  } catch {
    // as above
  }
}

export const LangContext = createContext<{ lang: Lang; setLang: (lang: Lang) => void }>({ lang: current, setLang: () => {} })

/** m: the dictionary; l: a label of the server's in the chosen language. */
export function useI18n() {
  const { lang, setLang } = useContext(LangContext)
  return { lang, setLang, m: dict(lang), l: (label: Label | null | undefined) => (label ? label[lang] || label.zh : '') }
}

/** The same with the words of a capability's own beside those everybody shares. */
export function withTexts<T extends object>(zh: T, en: T) {
  const both = { zh: { ...dict('zh'), ...zh }, en: { ...dict('en'), ...en } }
  return function useOwnI18n() {
    const shared = useI18n()
    return { ...shared, m: both[shared.lang] }
  }
}
