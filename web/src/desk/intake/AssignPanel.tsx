import { useId, useState } from 'react'
import { ProblemError } from '../../api/errors'
import type { Answer, Body } from '../../api/client'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { useProblemText } from '../ui/States'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

type Assign = NonNullable<Answer<'/import-runs/{id}'>['assign']>
type Field = Assign['fields'][number]
type Column = Assign['columns'][number]
export type Assigned = Body<'/import-runs/{id}/columns', 'post'>['columns'][number]
/** Where a field is read from: a column of the file, a text for every row, or nowhere. */
type Choice = { at: number; text: string | null }

const none: Choice = { at: -1, text: null }

/** Which column of the file is which: what was recognised is set, the rest is chosen here, once for every file with this head. */
export function AssignPanel({
  assign,
  headRow,
  before,
  busy,
  told,
  headAt,
  send,
  cancel,
}: {
  assign: Assign
  headRow: number
  before: boolean
  busy: boolean
  told: React.ReactNode
  headAt: (row: number) => void
  send: (columns: Assigned[]) => Promise<void>
  cancel: React.ReactNode
}) {
  const { m } = useI18n()
  const me = useMe()
  const problem = useProblemText()
  const head = useId()
  const fields = assign.fields ?? []
  const columns = assign.columns ?? []
  const [choices, setChoices] = useState<Map<string, Choice>>(() => {
    const out = new Map<string, Choice>()
    const taken = new Set(fields.map(f => f.at))
    for (const f of fields) {
      if (f.at >= 0) out.set(f.key, { at: f.at, text: null })
      else if (f.text) out.set(f.key, { at: -1, text: f.text })
      else if (f.likely >= 0 && !taken.has(f.likely)) {
        taken.add(f.likely)
        out.set(f.key, { at: f.likely, text: null })
      } else if (f.type === 'unit' && me.unit.type !== 'district') out.set(f.key, { at: -1, text: me.unit.name })
    }
    return out
  })
  const [faults, setFaults] = useState<Map<string, string>>(new Map())
  const [error, setError] = useState('')
  const choose = (key: string, c: Choice) =>
    setChoices(old => {
      const next = new Map(old)
      // a column is one thing: chosen for this, it is no longer that
      if (c.at >= 0) for (const [k, v] of next) if (v.at === c.at) next.set(k, none)
      next.set(key, c)
      return next
    })
  const used = new Set([...choices.values()].map(c => c.at))
  const unread = columns.filter(c => c.title && !used.has(c.at))
  // what need not be looked at stands apart, and stays where it is once chosen
  const [apart] = useState(() => new Set(fields.filter(f => !f.needed && f.at < 0 && f.likely < 0 && !choices.get(f.key)).map(f => f.key)))
  const [plain, extra] = [fields.filter(f => !apart.has(f.key)), fields.filter(f => apart.has(f.key))]
  const missing = fields.filter(f => f.needed && (choices.get(f.key) ?? none).at < 0 && !choices.get(f.key)?.text?.trim())

  const submit = async () => {
    setError('')
    setFaults(new Map())
    if (missing.length) return setFaults(new Map(missing.map(f => [f.key, m.assign.needed])))
    const list: Assigned[] = []
    for (const [key, c] of choices) {
      if (c.at >= 0) list.push({ key, at: c.at })
      else if (c.text?.trim()) list.push({ key, at: -1, text: c.text.trim() })
    }
    for (const c of unread) list.push({ key: '', at: c.at })
    try {
      await send(list)
    } catch (e) {
      const at = e instanceof ProblemError ? (e.problem.errors ?? []) : []
      setFaults(new Map(at.map(x => [x.pointer.replace('/columns/', ''), x.detail])))
      setError(problem(e))
    }
  }
  const row = (f: Field) => <Row key={f.key} field={f} columns={columns} choice={choices.get(f.key) ?? none} fault={faults.get(f.key)} choose={c => choose(f.key, c)} />
  return (
    <section className="assign" aria-labelledby={head}>
      <h2 id={head}>{m.assign.title}</h2>
      <p className="muted">{before ? m.assign.before({ row: headRow }) : m.assign.hint({ row: headRow })}</p>
      {told}
      <form
        className="assign-head"
        onSubmit={e => {
          e.preventDefault()
          const row = Number(new FormData(e.currentTarget).get('row'))
          if (row > 0 && row !== headRow) headAt(row)
        }}
      >
        <label htmlFor={`${head}-row`}>{m.assign.headWrong}</label>
        <input id={`${head}-row`} name="row" className="input" type="number" min={1} max={200} inputMode="numeric" defaultValue={headRow % (1 << 20)} />
        <button type="submit" className="btn slim" disabled={busy}>
          {m.assign.headAgain}
        </button>
      </form>
      {error && <ErrorBox>{error}</ErrorBox>}
      <div className="assign-rows">{plain.map(row)}</div>
      {extra.length > 0 && (
        <details open={extra.length <= 8}>
          <summary>
            {m.assign.extra({ n: extra.length })}
            <Icon name="down" />
          </summary>
          <div className="assign-rows">{extra.map(row)}</div>
        </details>
      )}
      {unread.length > 0 && (
        <p className="muted gap-3">
          {m.assign.unread}
          {unread.map(c => m.common.quote({ t: c.title })).join(m.common.sep)}
        </p>
      )}
      <div className="runbar">
        {cancel}
        <span className="grow" />
        <button type="button" className="btn primary" disabled={busy} onClick={() => void submit()}>
          {m.assign.read}
        </button>
      </div>
    </section>
  )
}

function Row({ field: f, columns, choice, fault, choose }: { field: Field; columns: Column[]; choice: Choice; fault: string | undefined; choose: (c: Choice) => void }) {
  const { m, l } = useI18n()
  const id = useId()
  const column = columns.find(c => c.at === choice.at)
  const samples = (column?.samples ?? []).join(m.common.sep)
  const value = choice.at >= 0 ? String(choice.at) : choice.text !== null ? 'text' : ''
  const same = { className: fault ? 'input bad' : 'input', 'aria-invalid': fault ? true : undefined, 'aria-describedby': `${id}-s` }
  return (
    <div className="assign-row">
      <label htmlFor={id}>
        {l(f.title)}
        {f.needed && <span className="req"> *</span>}
      </label>
      <select id={id} {...same} value={value} onChange={e => choose(e.target.value === '' ? none : e.target.value === 'text' ? { at: -1, text: '' } : { at: Number(e.target.value), text: null })}>
        <option value="">{f.needed ? m.common.choose : m.assign.not}</option>
        <option value="text">{m.assign.every}</option>
        {columns.map(c => (
          <option key={c.at} value={c.at}>
            {m.assign.column({ letter: c.letter, title: c.title })}
          </option>
        ))}
      </select>
      <div className="assign-say" id={`${id}-s`}>
        {choice.text !== null &&
          (f.options?.length ? (
            <select className="input" aria-label={m.assign.text({ f: l(f.title) })} value={choice.text} onChange={e => choose({ at: -1, text: e.target.value })}>
              <option value="">{m.common.choose}</option>
              {f.options.map(o => (
                <option key={o}>{o}</option>
              ))}
            </select>
          ) : (
            <input
              className="input"
              type={f.type === 'date' ? 'date' : 'text'}
              aria-label={m.assign.text({ f: l(f.title) })}
              value={choice.text}
              autoComplete="off"
              onChange={e => choose({ at: -1, text: e.target.value })}
            />
          ))}
        {samples && <span className="muted cut">{m.assign.samples({ list: samples })}</span>}
        {fault && (
          <p className="err">
            <Icon name="warn" />
            {fault}
          </p>
        )}
      </div>
    </div>
  )
}
