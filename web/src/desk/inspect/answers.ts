import type { Form, Given, Item, Section } from './types'
import { holds, type Inputs } from './when'

/** What an inspector has said so far. */
export type Said = {
  id: string
  /** When it was begun: the moment of the visit. */
  began: number
  form: string
  answers: { [at: string]: Given }
  subjects: { section: string; id: string; name: string; kind?: string }[]
  looks: { [kase: string]: { passed: boolean; words: string; photos: string[] } }
  present: string
  words: string
  handouts: string[]
  special: boolean
}

export const at = (subject: string, item: string) => `${subject}|${item}`
export const answerOf = (i: Item) => i.answer || 'yes-no'

/** One item as it is asked for one subject. */
export type Asked = { section: Section; item: Item; subject: string; at: string }

/** For what a section is answered: the place itself, or each of its subjects. */
export const subjectsOf = (said: Said, s: Section) => (s.each ? said.subjects.filter(x => x.section === s.key) : [])

/** Every item that is asked, in order: those whose condition does not hold are left out. */
export function asked(form: Form, said: Said, visit: Inputs): Asked[] {
  const out: Asked[] = []
  for (const section of form.sections) {
    const list = subjectsOf(said, section).map(x => x.id)
    if (section.each && section.each.of === 'object' && list.length === 0) continue
    for (const subject of list.length ? list : ['']) {
      const inputs: Inputs = { ...visit }
      for (const a of Object.values(said.answers)) if (a.value && ((a.subject ?? '') === '' || a.subject === subject)) inputs[`a.${a.item}`] ??= a.value
      for (const a of Object.values(said.answers)) if (a.value && a.subject === subject) inputs[`a.${a.item}`] = a.value
      if (!holds(section.when, inputs)) continue
      for (const item of section.items) if (holds(item.when, inputs)) out.push({ section, item, subject, at: at(subject, item.key) })
    }
  }
  return out
}

/** Whether something was said of an item. */
export function isAnswered(i: Item, a: Given | undefined) {
  if (!a) return false
  return answerOf(i) === 'share' && a.value !== 'na' ? (a.of ?? 0) > 0 && a.part !== undefined : a.value !== ''
}

/** Whether what was said is wrong. */
export function isWrong(i: Item, a: Given | undefined): boolean {
  if (!a || !isAnswered(i, a) || a.value === 'na') return false
  switch (answerOf(i)) {
    case 'yes-no':
      return a.value === 'no'
    case 'choice':
      return i.options?.find(o => o.key === a.value)?.fails ?? false
    case 'number':
      return !!i.fails && holds(i.fails, { value: Number(a.value) })
    case 'share':
      return !!i.fails && holds(i.fails, { part: a.part ?? 0, of: a.of ?? 0 })
    default:
      return false
  }
}

/** What "all others are in order" answers: yes, or the first choice that is right; numbers and shares are for the inspector. */
export function fine(i: Item): string | undefined {
  if (answerOf(i) === 'yes-no') return 'yes'
  if (answerOf(i) === 'choice') return i.options?.find(o => !o.fails)?.key
  return undefined
}
