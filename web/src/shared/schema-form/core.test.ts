import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en'
import { zh } from '../i18n/zh'
import { fromDraft, pointerId, samePointer, toDraft, unitOf, validate, type Draft, type FormField } from './core'

const field = (key: string, type: FormField['type'], rest: Partial<FormField> = {}): FormField => ({
  key,
  type,
  title: { zh: key, en: key[0]!.toUpperCase() + key.slice(1) },
  required: false,
  decimals: 0,
  ...rest,
})
const fields: FormField[] = [
  field('held_on', 'date', { required: true, title: { zh: '日期', en: 'Date' } }),
  field('topic', 'text', { required: true, min: 2, max: 5, title: { zh: '主题', en: 'Topic' } }),
  field('form', 'choice', { required: true, title: { zh: '形式', en: 'Form' } }),
  field('audience', 'count', {
    required: true,
    min: 1,
    max: 200,
    basis: ['counted', 'estimated'],
    unit: { zh: '人次', en: 'people' },
    title: { zh: '受众', en: 'Audience' },
  }),
  field('spent', 'money', { decimals: 2, title: { zh: '金额', en: 'Amount' } }),
  field('load', 'weight'),
  field('photos', 'photo', { max: 2 }),
  field('spot', 'geo'),
  field('members', 'group', {
    fields: [field('name', 'text', { required: true, title: { zh: '姓名', en: 'Name' } }), field('hours', 'number', { decimals: 1 })],
  }),
  field('done', 'bool'),
]
const good: Draft = { held_on: '2020-12-25', topic: '课堂', form: 'lecture', audience: '92', 'audience.basis': 'counted' }
const say = (d: Draft) => Object.fromEntries(validate(fields, d, zh, 'zh').map(f => [f.pointer, f.message]))

describe('validation', () => {
  it('passes a good one', () => expect(validate(fields, good, zh, 'zh')).toEqual([]))
  it('names field and cure, in screen order', () => {
    expect(validate(fields, {}, zh, 'zh')).toEqual([
      { pointer: '/values/held_on', message: '请选择日期' },
      { pointer: '/values/topic', message: '请填写主题' },
      { pointer: '/values/form', message: '请选择形式' },
      { pointer: '/values/audience', message: '请填写受众' },
    ])
    expect(validate(fields, {}, en, 'en')[1]!.message).toBe('Enter topic')
  })
  it('looks at numbers', () => {
    expect(say({ ...good, audience: '999' })).toEqual({ '/values/audience': '受众不能大于 200人次' })
    expect(say({ ...good, audience: '0' })).toEqual({ '/values/audience': '受众不能小于 1人次' })
    expect(say({ ...good, audience: '很多' })).toEqual({ '/values/audience': '受众要填数字' })
    expect(say({ ...good, audience: '1.5' })).toEqual({ '/values/audience': '受众要填整数' })
    expect(say({ ...good, spent: '1.234' })).toEqual({ '/values/spent': '金额最多 2 位小数' })
    expect(say({ ...good, 'audience.basis': undefined })).toEqual({})
    expect(fromDraft(fields, { ...good, 'audience.basis': undefined })['audience.basis']).toBe('counted')
    expect(fromDraft(fields, { ...good, 'audience.basis': 'estimated' })['audience.basis']).toBe('estimated')
    expect(fromDraft(fields, { ...good, audience: '' })['audience.basis']).toBeUndefined()
  })
  it.each([
    ['audience', '1,23'],
    ['audience', '12 30'],
    ['spent', '3，5'],
    ['load', '1,2345'],
  ])('asks what %s %s is, and sends nothing', (key, text) => {
    expect(say({ ...good, [key]: text })[`/values/${key}`]).toContain(`“${text}”看不出是多少`)
    expect(fromDraft(fields, { ...good, [key]: text })[key]).toBeUndefined()
  })
  it.each([
    ['1,200', 120000],
    ['12 300.5', 1230050],
    ['8 ', 800],
  ])('takes %s in groups of three', (text, want) => {
    expect(say({ ...good, spent: text })).toEqual({})
    expect(fromDraft(fields, { ...good, spent: text })['spent']).toBe(want)
  })
  it('takes a percent sign where the unit is percent, never elsewhere', () => {
    const share = field('share', 'number', { decimals: 1, unit: { zh: '%', en: '%' } })
    for (const text of ['85%', '85 ％', '85']) expect(fromDraft([share], { share: text })).toEqual({ share: 850 })
    expect(validate([share], { share: '85.55%' }, zh, 'zh')[0]!.message).toBe('share最多 1 位小数')
    expect(say({ ...good, audience: '85%' })).toEqual({ '/values/audience': '受众要填数字' })
  })
  it('looks at text, days, photos, places and rows', () => {
    expect(say({ ...good, topic: ' 课 ' })).toEqual({ '/values/topic': '主题至少 2 个字' })
    expect(say({ ...good, topic: '一二三四五六' })).toEqual({ '/values/topic': '主题不能超过 5 个字' })
    expect(say({ ...good, topic: '   ' })).toEqual({ '/values/topic': '请填写主题' })
    expect(say({ ...good, held_on: '2020-02-30' })).toEqual({ '/values/held_on': '日期不是一个日期' })
    expect(say({ ...good, photos: ['a', 'b', 'c'] })).toEqual({ '/values/photos': 'photos最多 2 件' })
    expect(Object.keys(say({ ...good, spot: { lat: '91', lon: '120' } }))).toEqual(['/values/spot'])
    expect(say({ ...good, members: [{ name: '宋' }, { hours: '2.55' }] })).toEqual({
      '/values/members/1/name': '请填写姓名',
      '/values/members/1/hours': 'hours最多 1 位小数',
    })
  })
})

describe('typed and sent', () => {
  it('sends integers at the field’s scale and drops blanks', () => {
    expect(
      fromDraft(fields, {
        ...good,
        topic: ' 课堂 ',
        spent: '12.3',
        load: '1.5',
        photos: [],
        spot: { lat: '30.2741', lon: '120.15' },
        members: [{ name: '宋', hours: '12.5' }, { name: '' }],
        done: false,
      }),
    ).toEqual({
      held_on: '2020-12-25',
      topic: '课堂',
      form: 'lecture',
      audience: 92,
      'audience.basis': 'counted',
      spent: 1230,
      load: 1500,
      spot: { lat: 302741000, lon: 1201500000 },
      members: [{ name: '宋', hours: 125 }],
      done: false,
    })
  })
  it('comes back as it went', () => {
    const sent = {
      held_on: '2020-12-25',
      topic: '课堂',
      form: 'x',
      audience: 92,
      'audience.basis': 'estimated',
      spent: 1230,
      load: 1500,
      photos: ['a'],
      spot: { lat: 302741000, lon: -1201500000 },
      members: [{ name: '宋', hours: 125 }],
      done: false,
    }
    expect(fromDraft(fields, toDraft(fields, sent))).toEqual(sent)
  })
  it('weights are kilograms even where a figure of them is in tonnes', () => {
    const payload = field('payload', 'weight', { unit: { zh: '吨', en: 't' } })
    expect(unitOf(payload, zh, 'zh')).toBe('千克')
    expect(fromDraft([payload], { payload: '3400' })).toEqual({ payload: 3_400_000 })
  })
  it('a single way of counting needs no question', () => {
    const f = [field('n', 'count', { basis: ['counted'] })]
    expect(fromDraft(f, { n: '3' })).toEqual({ n: 3, 'n.basis': 'counted' })
    expect(validate(f, { n: '3' }, zh, 'zh')).toEqual([])
  })
  it('finds the place of a pointer', () => {
    expect(pointerId('/values/members/0/name')).toBe('f-values-members-0-name')
    expect(samePointer('/values/audience.basis', '/values/audience')).toBe(true)
    expect(samePointer('/values/audience2', '/values/audience')).toBe(false)
  })
})
