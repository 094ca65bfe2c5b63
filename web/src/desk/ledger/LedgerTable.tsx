import { Link } from '@tanstack/react-router'
import type { EntryPage, EntryRow, Kind } from '../../api/answers'
import { shortDay, place } from '../../shared/format'
import { unitOf } from '../../shared/schema-form/core'
import { Icon } from '../ui/Icon'
import { EntryStatus } from '../ui/StatusMark'
import { useMe } from '../ui/hooks'
import { basisText, isBlob, isNumber, useFieldText } from './fields'
import { useI18n } from './texts'

export function Table({
  kind,
  rows,
  lit,
  openId,
  fields,
  chosen,
  onChoose,
  sort,
  onSort,
  onOpen,
}: {
  kind: Kind
  rows: EntryRow[]
  lit: number
  openId: string | undefined
  fields: Kind['fields']
  chosen: string[]
  onChoose: ((ids: string[], on: boolean) => void) | undefined
  sort: string
  onSort: (s: string) => void
  onOpen: (id: string) => void
}) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const text = useFieldText()
  const waiting = rows.filter(r => r.state === 'submitted').map(r => r.id)
  const photos = kind.fields.some(isBlob) && rows.some(r => r.photos > 0)
  const inUnit = (f: Kind['fields'][number]) => (unitOf(f, m, lang) ? m.common.paren({ t: unitOf(f, m, lang) }) : '')
  return (
    <table className="table">
      <thead>
        <tr>
          {onChoose && (
            <th className="check-cell">
              <input
                type="checkbox"
                aria-label={m.lists.choosePage}
                disabled={waiting.length === 0}
                checked={waiting.length > 0 && waiting.every(x => chosen.includes(x))}
                onChange={e => onChoose(waiting, e.target.checked)}
              />
            </th>
          )}
          <th>{m.ledger.number}</th>
          <th aria-sort={sort === 'day' ? 'ascending' : sort === '-day' ? 'descending' : undefined}>
            <button type="button" className="sort" title={m.ledger.sortDay} onClick={() => onSort(sort === '-day' ? 'day' : '-day')}>
              {kind.mode === 'day' ? m.ledger.day : m.ledger.inForce} {sort === '-day' ? '↓' : sort === 'day' ? '↑' : ''}
            </button>
          </th>
          <th>{m.ledger.unit}</th>
          <th>{m.ledger.subject}</th>
          {fields.map(f => (
            <th key={f.key} className={isNumber(f) ? 'num' : ''}>
              {l(f.title)}
              {inUnit(f)}
            </th>
          ))}
          {photos && <th className="num photos-cell">{m.ledger.photos}</th>}
          <th>{m.ledger.state}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr
            key={r.id}
            data-row
            data-cursor={i === lit || undefined}
            className={r.id === openId ? 'on' : i === lit ? 'lit' : r.state === 'void' ? 'off' : ''}
            aria-current={r.id === openId ? 'true' : undefined}
            onClick={e => !(e.target as HTMLElement).closest('a, .check-cell') && onOpen(r.id)}
          >
            {onChoose && (
              <td className="check-cell">
                {r.state === 'submitted' && (
                  <input type="checkbox" aria-label={m.lists.choose({ no: r.number })} checked={chosen.includes(r.id)} onChange={e => onChoose([r.id], e.target.checked)} />
                )}
              </td>
            )}
            <td className="nowrap">
              <Link
                to="/entry/$id"
                params={{ id: r.id }}
                search={{}}
                onClick={e => {
                  if (!e.ctrlKey && !e.metaKey && !e.shiftKey) {
                    e.preventDefault()
                    onOpen(r.id)
                  }
                }}
              >
                {r.number || m.state.draft}
              </Link>
            </td>
            <td className="nowrap">
              {r.from}
              {kind.mode !== 'day' && <span className="faint"> {m.ledger.toDay({ day: r.until ? shortDay(r.until, me.today) : '' })}</span>}
            </td>
            <td className="nowrap">{place(r.unit)}</td>
            <td className="title-cell">
              <span className="cut">{r.title}</span>
            </td>
            {fields.map(f => (
              <td key={f.key} className={isNumber(f) ? 'num' : 'nowrap'}>
                {text(f, r.values, r.labels)}
                {basisText(f, r.values, m.ledger) && <span className="faint small"> {basisText(f, r.values, m.ledger)}</span>}
              </td>
            ))}
            {photos && <td className="num photos-cell">{r.photos || ''}</td>}
            <td>
              <EntryStatus state={r.state} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function Foot({ data, onPage }: { data: EntryPage; onPage: (p: number) => void }) {
  const { m } = useI18n()
  const pages = Math.max(1, Math.ceil(data.total / data.size))
  return (
    <div className="foot">
      <span className="faint">
        {m.common.page({ a: (data.page - 1) * data.size + 1, b: Math.min(data.page * data.size, data.total), n: data.total })}
      </span>
      <span className="grow" />
      <span className="faint no-phone">
        <kbd>J</kbd> <kbd>K</kbd> {m.common.keys.move}　<kbd>Enter</kbd> {m.common.keys.open}　<kbd>Esc</kbd> {m.common.keys.close}　<kbd>/</kbd>{' '}
        {m.common.search}
      </span>
      {pages > 1 && (
        <span className="pager">
          <button type="button" className="btn slim" aria-label={m.common.previous} disabled={data.page <= 1} onClick={() => onPage(data.page - 1)}>
            <Icon name="left" />
          </button>
          <span>{m.ledger.pageOf({ a: data.page, b: pages })}</span>
          <button type="button" className="btn slim" aria-label={m.common.next} disabled={data.page >= pages} onClick={() => onPage(data.page + 1)}>
            <Icon name="right" />
          </button>
        </span>
      )}
    </div>
  )
}
