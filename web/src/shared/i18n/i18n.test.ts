import { readFileSync, readdirSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { en as sharedEn } from './en'
import { zh as sharedZh } from './zh'

type Tree = { [key: string]: unknown }
// The shared words and those of every capability; a group may have a part in both.
const trees = (lang: 'zh' | 'en'): Tree[] => [
  lang === 'zh' ? sharedZh : sharedEn,
  ...Object.values(import.meta.glob<{ zh?: Tree; en?: Tree }>(['../../desk/*/texts.*.ts', '../../m/texts.*.ts', '../check/texts.*.ts'], { eager: true })).map(x => x[lang] ?? {}),
]
const words = (lang: 'zh' | 'en') => trees(lang).flatMap(t => leaves(t))
function leaves(tree: Tree, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([k, v]) =>
    v && typeof v === 'object' ? leaves(v as Tree, `${path}${k}.`) : [[path + k, v] as [string, unknown]],
  )
}
const files = (dir: string): string[] =>
  readdirSync(dir).flatMap(n => (statSync(`${dir}/${n}`).isDirectory() ? files(`${dir}/${n}`) : [`${dir}/${n}`]))
const CJK = /[\u3400-\u9fff]/

describe('dictionaries', () => {
  it('no capability takes a word from another or from the shared ones', () => {
    const names = words('zh').map(x => x[0])
    expect(names.filter((x, i) => names.indexOf(x) !== i)).toEqual([])
  })
  it('have the same keys', () => expect(words('en').map(x => x[0]).sort()).toEqual(words('zh').map(x => x[0]).sort()))
  it('hold no blank text', () => {
    for (const [k, v] of [...words('zh'), ...words('en')]) if (typeof v === 'string') expect(v.trim(), k).not.toBe('')
  })
  it('keep Chinese out of English', () => {
    for (const [k, v] of words('en')) if (k !== 'app.language') expect(CJK.test(String(v)), k).toBe(false)
  })
  it('use full-width punctuation in Chinese', () => {
    for (const [k, v] of words('zh')) {
      const text = String(v).replace(/\$\{[^}]*\}/g, '')
      expect(
        /[\u3400-\u9fff][,:;?!()]|[,:;?!][\u3400-\u9fff]/.test(typeof v === 'function' ? text.replace(/^.*?=>/, '') : text),
        `${k}: ${text}`,
      ).toBe(false)
    }
  })
  it('are the only place for Chinese in the source', () => {
    const found = files('src')
      .filter(f => /\.tsx?$/.test(f) && !/\.test\.tsx?$/.test(f) && !f.startsWith('src/shared/i18n/') && !/\/(texts\.zh|manifest)\.ts$/.test(f))
      .flatMap(f =>
        readFileSync(f, 'utf8')
          .split('\n')
          .flatMap((line, i) => (CJK.test(line) && !/^\s*(\/\/|\/?\*)/.test(line) ? [`${f}:${i + 1}`] : [])),
      )
    expect(found).toEqual([])
  })
  it('have no word nobody says', () => {
    const source = files('src')
      .filter(f => /\.tsx?$/.test(f) && !f.includes('/i18n/') && !/\/texts\.(zh|en)\.ts$/.test(f))
      .map(f => readFileSync(f, 'utf8'))
      .join('\n')
    const unused = words('zh')
      .map(x => x[0])
      .filter(k => {
        const parts = k.split('.')
        if (/^\d+$/.test(parts[parts.length - 1]!)) parts.pop()
        // Looked up by a key of the server's: states, operations, unit types.
        if (['state', 'form.carried', 'form.cannot', 'entry.ops', 'entry.done', 'units.types', 'people.states', 'batch.state', 'batch.tabs', 'due.state', 'channels.kinds', 'channels.errors', 'burden.cycle', 'docs.states', 'docs.mine', 'docs.groups', 'docs.ops', 'templates.period', 'plan.states', 'plan.taskStates', 'plan.parties', 'plan.filters', 'places.states', 'places.steps', 'places.fields', 'places.categories', 'places.decide', 'nav.columns', 'figures.grains', 'cases.states', 'cases.ages', 'cases.ops', 'cases.act', 'cases.done', 'cases.severities', 'cases.stations', 'cases.dutyNames', 'inspect.kinds', 'inspect.receiveStates', 'cases.origins', 'cases.decisions', 'campaign.kinds', 'dis.types', 'dis.states', 'dis.presence', 'dis.ops', 'dis.stateOf', 'dis.filters', 'forms.states', 'forms.kinds', 'forms.fields', 'forms.answersKinds', 'forms.orders', 'forms.hows', 'sco.states', 'sco.acts', 'sco.outcomes', 'fund.states', 'fund.rowStates', 'fund.acts', 'fund.moveKinds', 'fund.batchStates', 'fund.lineStates', 'fund.kinds'].some(p => k.startsWith(`${p}.`))) return false
        return !new RegExp(`\\.${parts.slice(-1)[0]}\\b`).test(source)
      })
    expect(unused).toEqual([])
  })
})
