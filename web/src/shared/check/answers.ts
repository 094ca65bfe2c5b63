import type { Form, Given, Item, Section, VisitInput } from './types'
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

/** What conditions may speak of: the district's own time, whatever the phone is set to; the server judges by the same moment. */
export function visitInputs(type: string, self: boolean, said: Said): Inputs {
  const began = new Date(said.began + 8 * 3_600_000)
  return {
    'unit.type': type,
    'place.type': type,
    'visit.minute': began.getUTCHours() * 60 + began.getUTCMinutes(),
    'visit.month': began.getUTCMonth() + 1,
    'visit.kind': self ? 'self' : said.special ? 'special' : 'routine',
  }
}

/** Everything that nobody has answered is in order. What is in order may be what others are asked for: they are filled in, too. */
export function allFine(form: Form, said: Said, visit: Inputs): Said {
  for (let next = said; ; ) {
    const more = asked(form, next, visit).filter(x => fine(x.item) !== undefined && !isAnswered(x.item, next.answers[x.at]))
    if (more.length === 0) return next
    const filled = more.map(x => [x.at, { item: x.item.key, value: fine(x.item)!, ...(x.subject ? { subject: x.subject } : {}) }] as const)
    next = { ...next, answers: { ...next.answers, ...Object.fromEntries(filled) } }
  }
}

/** What was said of one item, changed. */
export function say(said: Said, x: Asked, patch: Partial<Given>): Said {
  const old: Given = said.answers[x.at] ?? { item: x.item.key, value: '', ...(x.subject ? { subject: x.subject } : {}) }
  return { ...said, answers: { ...said.answers, [x.at]: { ...old, ...patch } } }
}

/** A visit as it is handed in: answers to what is asked no more are left out. */
export function handedIn(place: string, form: Form, said: Said, list: Asked[]): VisitInput {
  const asks = new Set(list.map(x => x.at))
  return {
    id: said.id,
    place,
    checklist: form.key,
    form: said.form,
    special: said.special,
    made_at: said.began,
    answers: Object.entries(said.answers)
      .filter(([k, a]) => asks.has(k) && (a.value !== '' || ((a.of ?? 0) > 0 && a.part !== undefined)))
      .map(([, a]) => a),
    subjects: said.subjects,
    looks: Object.entries(said.looks).map(([kase, x]) => ({ case: kase, ...x })),
    present: said.present.trim(),
    words: said.words.trim(),
    handouts: said.handouts,
  }
}

/** A visit that begins: every point of the place is to be looked at. */
export const begin = (id: string, form: Form, points: { key: string; name: string }[]): Said => ({
  id,
  began: Date.now(),
  form: form.form,
  answers: {},
  subjects: form.sections.flatMap(s => (s.each?.of === 'point' ? points.map(p => ({ section: s.key, id: p.key, name: p.name })) : [])),
  looks: {},
  present: '',
  words: '',
  handouts: [],
  special: false,
})

/** Takes back what "all others are in order" has filled in; what somebody has said of an item since then stays. */
export function takeBack(said: Said, filled: Said, before: Said): Said {
  const answers = Object.fromEntries(Object.entries(said.answers).filter(([at, a]) => before.answers[at] !== undefined || filled.answers[at] !== a))
  return { ...said, answers }
}
