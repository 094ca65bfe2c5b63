import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { url } from '../../api/client'
import type { Unit, UnitDetail } from '../../api/answers'
import { Find } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { Loaded, NoMatch, State } from '../ui/States'
import { can, useMe, useTitle, useUnits, useUrl } from '../ui/hooks'
import { UnitDialog, UnitImport, type UnitAction } from './UnitDialogs'
import { Detail } from './UnitDetail'
import { useI18n } from './texts'
import './org.css'

export default function UnitsPage() {
  const { m } = useI18n()
  useTitle(m.units.title)
  const query = useUnits()
  return (
    <Loaded query={query} rows={8}>
      {units => <Units units={units} />}
    </Loaded>
  )
}

type Node = Unit & { children: Node[] }
function grow(units: Unit[]): Node[] {
  const all = new Map(units.map(u => [u.id, { ...u, children: [] as Node[] }]))
  const roots: Node[] = []
  for (const n of all.values()) {
    const parent = n.parent === null ? undefined : all.get(n.parent)
    if (parent) parent.children.push(n)
    else roots.push(n)
  }
  return roots
}

function Units({ units }: { units: Unit[] }) {
  const { m } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const [search, set] = useUrl()
  const [q, setQ] = useState('')
  const [importing, setImporting] = useState(false)
  const [action, setAction] = useState<{ kind: UnitAction; unit?: UnitDetail } | null>(null)
  const tree = useMemo(() => grow(units), [units])
  const chosen = Number(search.id) || tree[0]?.id
  const [opened, setOpened] = useState<Set<number>>(() => {
    const out = new Set(tree.map(n => n.id))
    for (let u = units.find(x => x.id === chosen); u && u.parent !== null; u = units.find(x => x.id === u!.parent)) out.add(u.parent!)
    return out
  })
  const list = useRef<HTMLUListElement>(null)
  const words = q.trim().toLowerCase()
  const hits = words ? units.filter(u => `${u.name} ${u.path} ${u.code ?? ''} ${u.initials}`.toLowerCase().includes(words)) : null
  const toggle = (id: number, open: boolean) =>
    setOpened(o => {
      const n = new Set(o)
      if (open) n.add(id)
      else n.delete(id)
      return n
    })
  const pick = (id: number) => set({ id: String(id) }, { replace: !!search.id })

  const rows: { node: Node; depth: number }[] = []
  const walk = (nodes: Node[], depth: number) =>
    nodes.forEach(node => {
      rows.push({ node, depth })
      if (opened.has(node.id)) walk(node.children, depth + 1)
    })
  walk(tree, 0)
  const key = (e: React.KeyboardEvent, i: number) => {
    const { node } = rows[i]!
    const go = (j: number) => list.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[j]?.focus()
    if (e.key === 'ArrowDown') go(i + 1)
    else if (e.key === 'ArrowUp') go(i - 1)
    else if (e.key === 'ArrowRight' && opened.has(node.id)) go(i + 1)
    else if (e.key === 'ArrowRight') toggle(node.id, true)
    else if (e.key === 'ArrowLeft' && opened.has(node.id) && node.children.length) toggle(node.id, false)
    else if (e.key === 'ArrowLeft') go(rows.findIndex(r => r.node.id === node.parent))
    else if (e.key === 'Enter' || e.key === ' ') pick(node.id)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const done = () => {
    setAction(null)
    void client.invalidateQueries({
      predicate: x => ['units', 'unit', 'me', 'figure', 'summary', 'entries', 'bench'].includes(String(x.queryKey[0])),
    })
  }
  return (
    <div className={search.id ? 'app units one' : 'app units'}>
      <aside className="utree" aria-label={m.units.tree}>
        <header>
          <h1>{m.units.title}</h1>
          <span className="grow" />
          <Pop menu right className="btn icon slim" label={m.common.more} button={<Icon name="menu" />}>
            {close => (
              <>
                <a className="opt" href={url('/units/export', { format: 'xlsx' })} download onClick={close}>
                  <Icon name="download" />
                  {m.units.export} Excel
                </a>
                <a className="opt" href={url('/units/export', { format: 'csv' })} download onClick={close}>
                  <Icon name="download" />
                  {m.units.export} CSV
                </a>
                {can(me, 'org.edit') && (
                  <button
                    type="button"
                    className="opt"
                    onClick={() => {
                      close()
                      setImporting(true)
                    }}
                  >
                    <Icon name="upload" />
                    {m.units.import}
                  </button>
                )}
              </>
            )}
          </Pop>
        </header>
        <Find label={m.units.search} value={q} onChange={setQ} />
        <div className="pane">
          {hits ? (
            hits.length ? (
              <ul className="hits">
                {hits.slice(0, 200).map(u => (
                  <li key={u.id}>
                    <button type="button" className={u.id === chosen ? 'on' : ''} onClick={() => pick(u.id)}>
                      <span>{u.name}</span>
                      <span className="small faint cut">{u.path}</span>
                    </button>
                  </li>
                ))}
              </ul>
            ) : (
              <NoMatch onClear={() => setQ('')} />
            )
          ) : (
            <ul role="tree" aria-label={m.units.tree} ref={list}>
              {rows.map(({ node, depth }, i) => (
                <li
                  key={node.id}
                  role="treeitem"
                  aria-level={depth + 1}
                  aria-expanded={node.children.length ? opened.has(node.id) : undefined}
                  aria-selected={node.id === chosen}
                  tabIndex={node.id === chosen || (i === 0 && !rows.some(r => r.node.id === chosen)) ? 0 : -1}
                  className={node.id === chosen ? 'on' : node.until ? 'off' : ''}
                  style={{ paddingLeft: 12 + depth * 18 }}
                  onKeyDown={e => key(e, i)}
                  onClick={() => pick(node.id)}
                >
                  {node.children.length ? (
                    <button
                      type="button"
                      tabIndex={-1}
                      className="twist"
                      aria-label={opened.has(node.id) ? m.units.collapse : m.units.expand}
                      onClick={e => {
                        e.stopPropagation()
                        toggle(node.id, !opened.has(node.id))
                      }}
                    >
                      <Icon name={opened.has(node.id) ? 'down' : 'right'} />
                    </button>
                  ) : (
                    <span className="twist" />
                  )}
                  <span className="cut grow">{node.name}</span>
                  {node.until && <span className="small faint">{m.units.closed}</span>}
                  {node.line && <span className="tag">{m.units.lineHead}</span>}
                  {node.children.length > 0 && <span className="small faint">{node.children.length}</span>}
                </li>
              ))}
            </ul>
          )}
        </div>
      </aside>
      <section className="pane udetail">
        {chosen ? (
          <Detail
            id={chosen}
            units={units}
            onAction={(kind, unit) => setAction({ kind, unit })}
            onPick={pick}
            onBack={() => set({ id: undefined })}
          />
        ) : (
          <State kind="empty" title={m.units.pick} />
        )}
      </section>
      {action && <UnitDialog action={action.kind} unit={action.unit!} onClose={() => setAction(null)} onDone={done} />}
      {importing && <UnitImport onClose={() => setImporting(false)} onDone={() => void client.invalidateQueries({ queryKey: ['units'] })} />}
    </div>
  )
}
