import { useQuery } from '@tanstack/react-query'
import { get } from '../../api/client'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { useScope, useTitle, useUrl } from '../ui/hooks'
import { QR } from './parts'
import { useI18n } from './texts'
import './place.css'

const PER_PAGE = 12

/** Labels to print: twelve to an A4 page, each a QR code that any phone opens. */
export default function LabelsPage() {
  const { m, l } = useI18n()
  useTitle(m.places.sheet.title)
  const { unit } = useScope()
  const [search] = useUrl()
  const chosen = search.ids?.split('.').filter(Boolean)
  const list = { unit, type: search.type, state: search.state ?? 'open', size: 240 }
  const query = useQuery({
    queryKey: ['places', 'labels', chosen ?? list],
    queryFn: async ({ signal }) => {
      const ids = chosen ?? (await get('/places', list, signal)).rows.map(r => r.id)
      return ids.length ? get('/place-labels', { ids: ids.join(','), base: location.origin }, signal) : { items: [] }
    },
  })
  return (
    <div className="page place-page place-print">
      <header className="noprint">
        <h1>{m.places.sheet.title}</h1>
        {query.data && <span className="faint">{m.places.sheet.pick({ n: query.data.items.length })}</span>}
        <span className="grow" />
        <button type="button" className="btn primary" disabled={!query.data?.items.length} onClick={() => print()}>
          <Icon name="print" />
          {m.places.sheet.print}
        </button>
      </header>
      <p className="muted noprint">{m.places.sheet.hint}</p>
      <Loaded query={query}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.places.empty} />
          ) : (
            <div className="place-sheets">
              {Array.from({ length: Math.ceil(d.items.length / PER_PAGE) }, (_, i) => (
                <div className="place-sheet" key={i}>
                  {d.items.slice(i * PER_PAGE, (i + 1) * PER_PAGE).map(x => (
                    <div className="place-label" key={x.id} data-testid="label">
                      <QR label={x} size={132} />
                      <div>
                        <p className="place-label-name">{x.name}</p>
                        <p className="place-label-type">{l(x.type_title)}</p>
                        <p className="place-label-code">{x.code}</p>
                        <p className="place-label-scan">{m.places.sheet.scan}</p>
                      </div>
                    </div>
                  ))}
                </div>
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  )
}
