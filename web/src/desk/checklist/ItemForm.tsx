import { useState } from 'react'
import { typedCount } from '../../shared/format'
import { FieldBox, Select, SelectField, TextArea, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { exprOf, failsOf, freshKey, phrasesOf, type Fails } from './draft'
import { Chips, named, useFault, type Faults } from './HeadForm'
import type { Checklist, Choices, Item, Phrase } from './types'
import { useI18n } from './texts'

type Props = { i: Item; c: Checklist; choices: Choices; at: string; faults: Faults; put: (act: (was: Item) => Item) => void }
const KINDS = ['yes-no', 'choice', 'number', 'share', 'text'] as const
type Kind = (typeof KINDS)[number]

/** One item: what is asked, how it is answered, and what follows when it is wrong. */
export function ItemForm({ i, choices, at, faults, put }: Props) {
  const { m, l } = useI18n()
  const fault = useFault(faults)
  const kind = (i.answer || 'yes-no') as Kind
  const wrongs = kind !== 'text'
  const set = (patch: Partial<Item>) => put(w => ({ ...w, ...patch }))
  const words = (was: Item['rule'], zh: string): Item['rule'] => (zh ? { zh, en: was?.zh === zh ? was.en : '' } : undefined)
  return (
    <>
      <div className="checklist-wide">
        <TextArea label={m.forms.ask} hint={m.forms.askHint} error={fault(`${at}/ask`) ?? fault(at)} rows={2} maxLength={200} value={i.ask.zh} onChange={zh => put(w => ({ ...w, ask: { ...w.ask, zh } }))} />
      </div>
      <SelectField
        label={m.forms.answer}
        value={kind}
        onChange={v => set({ answer: v === 'yes-no' ? '' : v, ...(v === 'choice' && !i.options?.length ? { options: [1, 2].map(() => ({ key: freshKey('o'), title: { zh: '', en: '' }, fails: false })) } : {}) })}
        options={KINDS.map(k => ({ value: k, label: m.forms.answersKinds[k]! }))}
      />
      {wrongs && (
        <SelectField
          label={m.forms.severity}
          value={i.severity || 'minor'}
          onChange={v => set({ severity: v === 'minor' ? '' : v })}
          options={[
            { value: 'minor', label: m.forms.minor },
            { value: 'major', label: m.forms.major },
          ]}
        />
      )}
      {kind === 'choice' && <Options i={i} at={at} faults={faults} set={set} />}
      {kind === 'number' && <TextField label={m.forms.unit} optional={m.common.optional} value={i.unit?.zh ?? ''} onChange={zh => set({ unit: words(i.unit, zh) })} />}
      {kind === 'share' && <TextField label={m.forms.of} inputMode="numeric" optional={m.common.optional} error={fault(`${at}/of`)} value={i.of ? String(i.of) : ''} onChange={v => set({ of: typedCount(v, i.of) })} />}
      {(kind === 'number' || kind === 'share') && <FailsForm i={i} kind={kind} set={set} />}
      {wrongs && (
        <>
          <SelectField
            label={m.forms.instrument}
            value={i.instrument}
            onChange={instrument => set({ instrument })}
            none={m.forms.asHead}
            options={[
              ...choices.instruments.map(x => ({ value: x.key, label: l(x.note) ? m.forms.days({ t: l(x.title), d: l(x.note) }) : l(x.title) })),
              { value: 'none', label: m.forms.nothing },
            ]}
          />
          <TextField label={m.forms.countOf} hint={m.forms.countHint} optional={m.common.optional} value={i.count?.zh ?? ''} onChange={zh => set({ count: words(i.count, zh) })} />
          <div className="checklist-wide">
            <Phrases label={m.forms.phrases} hint={m.forms.phrasesHint} error={fault(`${at}/phrases`)} value={i.phrases ?? []} onChange={phrases => set({ phrases })} />
          </div>
        </>
      )}
      <div className="checklist-wide">
        <TextArea label={m.forms.rule} optional={m.common.optional} rows={2} maxLength={4000} error={fault(`${at}/rule`)} value={i.rule?.zh ?? ''} onChange={zh => set({ rule: words(i.rule, zh) })} />
      </div>
      <details className="checklist-wide">
        <summary>{m.forms.more}</summary>
        <div className="checklist-form inner">
          <TextField label={m.forms.english} optional={m.common.optional} value={i.ask.en} onChange={en => put(w => ({ ...w, ask: { ...w.ask, en } }))} />
          <SelectField label={m.forms.how} value={i.how} onChange={how => set({ how })} none={m.forms.hows['']!} options={['seen', 'asked', 'papers'].map(h => ({ value: h, label: m.forms.hows[h]! }))} />
          <Chips label={m.forms.itemAnswers} all={named(choices.answerers, l)} value={i.answers ?? []} onChange={answers => set({ answers })} ordered />
          <Chips label={m.forms.basis} all={named(choices.penalties, l)} value={i.basis ?? []} onChange={basis => set({ basis })} />
          <div className="checklist-wide">
            <Phrases label={m.forms.fixes} error={fault(`${at}/fixes`)} value={i.fixes ?? []} onChange={fixes => set({ fixes })} />
          </div>
          <TextField label={m.forms.when} hint={m.forms.whenHint} optional={m.common.optional} value={i.when} onChange={when => set({ when })} />
          <div className="field checklist-ticks">
            {kind !== 'text' && (
              <label className="row">
                <input type="checkbox" className="check" checked={i.na !== false} onChange={e => put(w => ({ ...w, na: e.target.checked }))} />
                {m.forms.na}
              </label>
            )}
            <label className="row">
              <input type="checkbox" className="check" checked={i.passing} onChange={e => set({ passing: e.target.checked })} />
              {m.forms.passing}
            </label>
            <span className="faint small">
              {m.forms.key} <code>{i.key}</code>
            </span>
          </div>
        </div>
      </details>
    </>
  )
}

/** Wordings, one a line: what is typed stays as typed until the field is left. */
function Phrases({ label, hint, error, value, onChange }: { label: string; hint?: string; error?: string | undefined; value: Phrase[]; onChange: (next: Phrase[]) => void }) {
  const { m } = useI18n()
  const said = value.map(p => p.zh).join('\n')
  const [text, setText] = useState(said)
  const typed = text.split('\n').map(t => t.trim()).filter(Boolean).join('\n')
  const shown = typed === value.map(p => p.zh.trim()).join('\n') ? text : said // changed from elsewhere
  return (
    <TextArea
      label={label}
      hint={hint}
      error={error}
      optional={m.common.optional}
      rows={3}
      value={shown}
      onChange={t => {
        setText(t)
        onChange(phrasesOf(t, value))
      }}
    />
  )
}

function Options({ i, at, faults, set }: { i: Item; at: string; faults: Faults; set: (patch: Partial<Item>) => void }) {
  const { m } = useI18n()
  const list = i.options ?? []
  const change = (n: number, patch: Partial<(typeof list)[number]>) => set({ options: list.map((o, j) => (j === n ? { ...o, ...patch } : o)) })
  return (
    <FieldBox label={m.forms.options} hint={m.forms.optionHint} className="checklist-wide">
      {() => (
        <div className="checklist-options">
          {list.map((o, n) => (
            <div key={o.key} className="row">
              <input
                className={faults.some(f => f.pointer === `${at}/options/${n}`) ? 'input grow bad' : 'input grow'}
                aria-label={m.forms.option({ n: n + 1 })}
                value={o.title.zh}
                maxLength={80}
                onChange={e => change(n, { title: { zh: e.target.value, en: '' } })}
              />
              <label className="row small nowrap">
                <input type="checkbox" className="check" checked={o.fails ?? false} onChange={e => change(n, { fails: e.target.checked })} />
                {m.forms.wrong}
              </label>
              <button type="button" className="btn icon slim" aria-label={`${m.common.remove} ${o.title.zh || m.forms.option({ n: n + 1 })}`} onClick={() => set({ options: list.filter((_, j) => j !== n) })}>
                <Icon name="close" />
              </button>
            </div>
          ))}
          <button type="button" className="btn quiet slim" onClick={() => set({ options: [...list, { key: freshKey('o'), title: { zh: '', en: '' }, fails: false }] })}>
            <Icon name="plus" />
            {m.forms.addOption}
          </button>
        </div>
      )}
    </FieldBox>
  )
}

function FailsForm({ i, kind, set }: { i: Item; kind: 'number' | 'share'; set: (patch: Partial<Item>) => void }) {
  const { m } = useI18n()
  const [f, setF] = useState<Fails>(() => failsOf(i.fails))
  const put = (next: Fails) => {
    setF(next)
    set({ fails: exprOf(next) })
  }
  const main = kind === 'share' ? 'part' : 'value'
  return (
    <FieldBox label={m.forms.fails}>
      {a => (
        <div className="row wrap">
          <Select
            id={a.id}
            value={f.kind === 'none' ? '' : f.kind}
            onChange={k => put({ kind: k === '' ? 'none' : (k as Fails['kind']), op: f.op || '>', n: k === 'own' ? i.fails : /^-?\d+$/.test(f.n) ? f.n : '' })}
            none={m.forms.failsNone}
            options={[
              { value: main, label: kind === 'share' ? m.forms.failsPart : m.forms.failsValue },
              { value: 'own', label: m.forms.failsOwn },
            ]}
          />
          {f.kind === 'value' && <Select label={m.forms.failsValue} value={f.op} onChange={op => op && put({ ...f, op })} options={['<', '<=', '>', '>=', '=='].map(o => ({ value: o, label: m.forms.orders[o]! }))} />}
          {f.kind !== 'none' && (
            <input className={f.kind === 'own' ? 'input grow' : 'input checklist-number'} aria-label={m.forms.fails} value={f.n} inputMode={f.kind === 'own' ? 'text' : 'numeric'} onChange={e => put({ ...f, n: f.kind === 'own' ? e.target.value : e.target.value.replace(/[^\d-]/g, '').slice(0, f.kind === 'part' ? 3 : 9) })} />
          )}
          {f.kind === 'part' && f.n && <span className="muted small">{m.forms.failsBelow({ n: f.n })}</span>}
        </div>
      )}
    </FieldBox>
  )
}
