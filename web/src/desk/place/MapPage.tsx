import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get, send } from '../../api/client'
import { Icon } from '../ui/Icon'
import { LongList } from '../ui/LongList'
import { PhoneScope } from '../ui/Scope'
import { Loaded, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { PlaceState } from './parts'
import { PointMap } from './PointMap'
import type { MapData } from './types'
import { useI18n } from './texts'
import './place.css'

/** The district's own outlines and its places; the list beside it says the same. No outside map is asked. */
export default function MapPage() {
  const { m } = useI18n()
  useTitle(`${m.places.map} · ${m.places.title}`)
  const me = useMe()
  const { unit } = useScope()
  const [search, set] = useUrl()
  const client = useQueryClient()
  const problem = useProblemText()
  const q = { unit, type: search.type, state: search.state }
  const query = useQuery({ queryKey: ['places', 'map', q], queryFn: ({ signal }) => get('/place-map', q, signal) as Promise<MapData>, placeholderData: keepPreviousData })
  const upload = async (file: File | undefined) => {
    if (!file) return
    try {
      const r = await send('post', '/place-outlines', {}, file)
      toast(m.places.mapUploaded({ n: r.units }))
      void client.invalidateQueries({ queryKey: ['places'] })
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  return (
    <div className="page place-page place-map-page">
      <PhoneScope period={false} />
      <h1 className="unseen">{m.places.map}</h1>
      <Verbs>
        {can(me, 'org.edit') && (
          <label className="btn no-phone">
            <Icon name="upload" />
            {m.places.mapUpload}
            <input type="file" accept=".json,.geojson,application/geo+json" className="unseen" onChange={e => void upload(e.target.files?.[0])} />
          </label>
        )}
        <Link className="btn" to="/points" search={{ type: search.type, state: search.state }}>
          <Icon name="list" />
          {m.places.list}
        </Link>
      </Verbs>
      <Loaded query={query} rows={9}>
        {d => <Body d={d} picked={search.open} pick={id => set({ open: id }, { replace: true })} />}
      </Loaded>
    </div>
  )
}

function Body({ d, picked, pick }: { d: MapData; picked: string | undefined; pick: (id: string | undefined) => void }) {
  const { m, l } = useI18n()
  return (
    <div className="place-map">
      <PointMap d={d} picked={picked} pick={pick} />
      <div className="place-list">
        <p className="strong">{m.places.total({ n: d.places.length })}</p>
        {d.nowhere > 0 && <p className="faint small">{m.places.mapNowhere({ n: d.nowhere })}</p>}
        <LongList
          className="place-rows"
          label={m.places.list}
          items={d.places}
          size={53}
          at={picked}
          row={r => (
            <>
              <button type="button" aria-pressed={r.id === picked} onClick={() => pick(r.id === picked ? undefined : r.id)}>
                <span className="grow">
                  {r.name}
                  <br />
                  <span className="faint small">
                    {l(r.type_title)}　{r.code}
                  </span>
                </span>
                <PlaceState state={r.state} />
              </button>
              {r.id === picked && (
                <Link to="/points/$id" params={{ id: r.id }} search={{}}>
                  {m.common.open}
                </Link>
              )}
            </>
          )}
        />
      </div>
    </div>
  )
}
