import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type ClipboardEvent } from 'react'
import { get, send, type Answer } from '../../api/client'
import type { Kind } from '../../api/answers'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Failed, Missing, Skeleton, State, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { claimPlace, holdPlace } from '../../shared/drafts'
import { parseCells } from '../../shared/tsv'
import { useIsPhone, useKinds, useMe, useScope, useTitle, useUnits } from '../ui/hooks'
import { TableGrid } from './TableGrid'
import { TableRows } from './TableRows'
import { useEntryChanged } from './entry'
import { blank, blankRows, isFilled, keepRows, keptRows, type Column } from './table'
import { useI18n } from './texts'
import './table.css'

type Batch = Answer<'/import-runs', 'post'>
type View = Answer<'/import-runs/{id}'>

/** Many records in one table: typed, or pasted from a spreadsheet. Checked and kept by the very rules of a workbook. */
export default function TablePage() {
  const { kind: key } = useParams({ strict: false }) as { kind: string }
  const kinds = useKinds()
  if (!kinds.data) return kinds.error ? <Failed error={kinds.error} retry={() => void kinds.refetch()} /> : <Skeleton rows={6} />
  const kind = kinds.data.find(k => k.key === key)
  return kind?.may.enter ? <Table kind={kind} key={key} /> : <Missing />
}

const shown = new Set(['date', 'text', 'long-text', 'count', 'number', 'weight', 'money', 'choice', 'unit', 'ref', 'person', 'bool'])

function useColumns(kind: Kind): Column[] {
  const { m, l } = useI18n()
  return useMemo(() => {
    const out: Column[] = [{ key: 'unit', names: [m.common.unit], title: m.common.unit, required: false, options: null, number: false, date: false }]
    for (const f of kind.fields) {
      if (!shown.has(f.type)) continue
      const unit = f.type === 'weight' ? m.common.kg : l(f.unit)
      out.push({
        key: f.key,
        names: [f.title.zh, f.title.en],
        title: unit ? `${l(f.title)}${m.common.paren({ t: unit })}` : l(f.title),
        required: f.required,
        options: f.type === 'choice' ? (f.options ?? []).map(o => ({ value: o.title.zh, label: l(o.title) })) : f.type === 'bool' ? [{ value: 'yes', label: m.common.yes }, { value: 'no', label: m.common.no }] : null,
        number: ['count', 'number', 'weight', 'money'].includes(f.type),
        date: f.type === 'date',
      })
      if (f.basis && f.basis.length > 1)
        out.push({ key: `${f.key}.basis`, names: [], title: m.table.basis, required: false, options: [{ value: 'counted', label: m.table.counted }, { value: 'estimated', label: m.table.estimated }], number: false, date: false })
    }
    return out
  }, [kind, m, l])
}

const quote = (t: string) => (/[",\n]/.test(t) ? `"${t.replace(/"/g, '""')}"` : t)
const wait = (ms: number) => new Promise(ok => setTimeout(ok, ms))

function Table({ kind }: { kind: Kind }) {
  const { m, l } = useI18n()
  const me = useMe()
  const scope = useScope()
  const units = useUnits()
  const changed = useEntryChanged()
  const problem = useProblemText()
  useTitle(m.table.title({ kind: l(kind.title) }))
  const columns = useColumns(kind)
  // two tabs of one table are two tables
  const [place] = useState(() => claimPlace(`sifen.table.${me.person}.${kind.key}`, k => !!keptRows(k, columns.length)))
  useEffect(() => holdPlace(place), [place])
  const [rows, setRows] = useState<string[][]>(() => keptRows(place, columns.length) ?? blankRows(columns.length))
  const [faults, setFaults] = useState<Map<string, string>>(new Map())
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const [like, setLike] = useState<number[]>([]) // rows that only look like records that are there
  const [done, setDone] = useState<Batch | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const phone = useIsPhone()
  const [at, setAt] = useState(() => Math.max(0, rows.findIndex(r => !isFilled(r))))
  const unit = units.data?.find(u => u.id === scope.unit)
  const defaultUnit = unit && unit.type !== 'district' ? unit.name : me.unit.name

  const filled = rows.map((r, i) => ({ r, i })).filter(x => isFilled(x.r))
  // What is typed or pasted is kept on the device before it is drawn: no reload comes between.
  const latest = useRef(rows)
  const write = (next: string[][]) => {
    latest.current = next
    setRows(next)
    keepRows(place, next)
  }
  const put = (cells: [number, number, string][]) => {
    const next = latest.current.map(r => [...r])
    for (const [i, j, t] of cells) {
      while (next.length <= i) next.push(blank(columns.length))
      next[i]![j] = t
    }
    write(next)
    setLike([])
    setFaults(old => {
      const next = new Map(old)
      for (const [i, j] of cells) next.delete(`${i} ${j}`)
      return next
    })
  }
  const go = (i: number) => setAt(Math.max(0, Math.min(i, rows.length - 1)))
  // what is to have the focus once it is drawn
  const [want, setWant] = useState<{ at: string } | null>(null)
  useEffect(() => {
    if (want) root.current?.querySelector<HTMLElement>(want.at)?.focus()
  }, [want])
  const focus = (i: number, j: number) => {
    go(i) // on a phone one row is shown at a time
    setWant({ at: `[data-cell="${i} ${j}"]` })
  }
  const paste = (e: ClipboardEvent<HTMLElement>, i: number, j: number) => {
    const text = e.clipboardData.getData('text/plain')
    if (!/[\t\n]/.test(text.trimEnd())) return
    e.preventDefault()
    let lines = parseCells(text)
    // a copied head tells which column is which
    const heads = lines[0]!.map(h => columns.findIndex(c => c.title === h.trim() || c.names.includes(h.trim().replace(/[*（(].*$/, '').trim())))
    const named = lines.length > 1 && heads.filter(h => h >= 0).length >= Math.max(2, lines[0]!.length - 1)
    if (named) lines = lines.slice(1)
    const cells: [number, number, string][] = []
    lines.forEach((line, a) =>
      line.forEach((t, b) => {
        const at = named ? heads[b]! : j + b
        if (at >= 0 && at < columns.length) cells.push([i + a, at, t.trim()])
      }),
    )
    put(cells)
    toast(m.table.pasted({ n: lines.length }))
  }

  const next = () => {
    if (at + 1 >= rows.length) put([[at + 1, 0, '']])
    setAt(at + 1)
    setWant({ at: '.table-row h2' })
  }

  const submit = async (another = false) => {
    if (busy || filled.length === 0) return
    setBusy(true)
    setError('')
    setFaults(new Map())
    try {
      const lines = [columns.map(c => quote(c.key)).join(',')]
      const rowAt = new Map<number, number>() // by line of the file: a cell may hold several lines
      let line = 2
      for (const { r, i } of filled) {
        const text = columns.map((_, j) => quote(j === 0 ? r[0]!.trim() || defaultUnit : r[j]!.trim())).join(',')
        rowAt.set(line, i)
        line += text.split('\n').length
        lines.push(text)
      }
      let b = await send('post', '/import-runs', { kind: kind.key, name: m.table.name }, new Blob([`\ufeff${lines.join('\n')}`]))
      const settle = async (): Promise<View> => {
        for (;;) {
          const v = await get('/import-runs/{id}', { id: b.id, state: 'bad' })
          if (v.state === 'reading' || v.state === 'keeping') {
            await wait(150)
            continue
          }
          // rows that look like totals or notes are told here too: nothing of a table is left out in silence
          return v.aside > 0 ? { ...v, lines: [...v.lines, ...(await get('/import-runs/{id}', { id: b.id, state: 'aside' })).lines] } : v
        }
      }
      let v = await settle()
      const alike = v.lines.filter(x => x.faults.length > 0 && x.faults.every(f => f.like))
      if (another && alike.length) {
        await send('post', '/import-runs/{id}/rows', { id: b.id }, { lines: alike.map(x => x.line), do: 'another' })
        v = await settle()
      }
      if (v.bad > 0 || v.aside > 0 || v.says?.length) {
        setLike(alike.length === v.lines.length ? alike.map(x => rowAt.get(x.line) ?? 0) : [])
        const bad = (v.lines ?? []).flatMap(x => (x.faults ?? []).map(f => ({ i: rowAt.get(x.line) ?? 0, j: Math.max(f.column, 0), f })))
        bad.sort((x, y) => x.i - y.i || x.j - y.j)
        const found = new Map(bad.map(({ i, j, f }) => [`${i} ${j}`, f.suggestion ? `${f.message}${m.common.paren({ t: m.imports.didYouMean({ s: f.suggestion }) })}` : f.message]))
        setFaults(found)
        if (v.says?.length) setError(v.says.join(m.common.sep))
        await send('delete', '/import-runs/{id}', { id: b.id })
        if (bad[0]) focus(bad[0].i, bad[0].j)
        return
      }
      if (v.good > 0) {
        b = await send('post', '/import-runs/{id}/keep', { id: b.id }, {})
        v = await settle()
      }
      setDone(v)
      write(blankRows(columns.length))
      setAt(0)
      void changed()
    } catch (e) {
      setError(problem(e))
    } finally {
      setBusy(false)
    }
  }

  const undo = async (b: Batch) => {
    try {
      await send('post', '/import-runs/{id}/undo', { id: b.id })
      toast(m.batch.undone)
      setDone(null)
      void changed()
    } catch (e) {
      setError(problem(e))
    }
  }

  if (done)
    return (
      <div className="page">
        <State
          kind="done"
          title={m.batch.keptTitle({ n: done.accepted })}
          actions={
            <>
              <button type="button" className="btn primary" onClick={() => setDone(null)}>
                {m.table.again}
              </button>
              <Link className="btn" to="/ledger/$kind" params={{ kind: kind.key }} search={{}}>
                {m.imports.seeLedger}
              </Link>
              {done.accepted > 0 && (
                <button type="button" className="btn" onClick={() => void undo(done)}>
                  {m.batch.undo}
                </button>
              )}
            </>
          }
        >
          {done.unchanged > 0 ? m.imports.same({ n: done.unchanged }) : ''}
          {error && <ErrorBox>{error}</ErrorBox>}
        </State>
      </div>
    )
  return (
    <div className="page table-page" ref={root}>
      <header>
        <Link to="/ledger/$kind" params={{ kind: kind.key }} search={{}} className="back" aria-label={m.common.back}>
          <Icon name="left" size={24} />
        </Link>
        <h1>{m.table.title({ kind: l(kind.title) })}</h1>
        <span className="muted">{m.table.hint({ unit: defaultUnit })}</span>
      </header>
      {error && <ErrorBox>{error}</ErrorBox>}
      {faults.size > 0 && (
        <div className="errsum" role="alert">
          <p className="strong">{m.form.summary({ n: faults.size })}</p>
          <ul>
            {[...faults].slice(0, 12).map(([at, say]) => {
              const [i, j] = at.split(' ').map(Number) as [number, number]
              return (
                <li key={at}>
                  <button type="button" className="link" onClick={() => focus(i, j)}>
                    {m.batch.cell({ row: i + 1, column: columns[j]!.title })}
                    {m.common.colon}
                    {say}
                  </button>
                </li>
              )
            })}
          </ul>
          {like.length > 0 && (
            <button type="button" className="btn slim" disabled={busy} onClick={() => void submit(true)}>
              {m.table.another({ n: like.length })}
            </button>
          )}
        </div>
      )}
      {phone ? (
        <TableRows columns={columns} rows={rows} at={at} go={go} faults={faults} put={put} paste={paste} defaultUnit={defaultUnit} />
      ) : (
        <TableGrid columns={columns} rows={rows} faults={faults} put={put} paste={paste} focus={focus} defaultUnit={defaultUnit} />
      )}
      <div className="runbar">
        {phone ? (
          <button type="button" className="btn" onClick={next}>
            {m.table.next}
          </button>
        ) : (
          <button type="button" className="btn" onClick={() => put(Array.from({ length: 5 }, (_, k) => [rows.length + k, 0, ''] as [number, number, string]))}>
            <Icon name="plus" />
            {m.table.more}
          </button>
        )}
        <span className="grow muted">{m.table.filled({ n: filled.length })}</span>
        <button type="button" className="btn primary" disabled={busy || filled.length === 0} onClick={() => void submit()}>
          {busy ? m.form.submitting : m.table.submit({ n: filled.length })}
        </button>
      </div>
    </div>
  )
}
