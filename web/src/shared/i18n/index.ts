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

type Groups = { [group: string]: object }
/** Two dictionaries as one; a group of which each has a part is whole in it. */
const together = <A extends Groups, B extends Groups>(a: A, b: B) => ({ ...a, ...Object.fromEntries(Object.entries(b).map(([name, group]) => [name, { ...a[name], ...group }])) }) as A & B

/** The same with the words of a capability's own beside those everybody shares. */
export function withTexts<T extends Groups>(zh: T, en: T) {
  const both = { zh: together(dict('zh'), zh), en: together(dict('en'), en) }
  return function useOwnI18n() {
    const shared = useI18n()
    return { ...shared, m: both[shared.lang] }
  }
}
