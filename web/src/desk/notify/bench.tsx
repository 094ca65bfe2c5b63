import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { send } from '../../api/client'
import { shortTime } from '../../shared/format'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

/** What a person was told, the latest first. */
export function Notices({ bench }: { bench: Bench }) {
  const { m, l } = useI18n()
  const items = bench.notices
  const me = useMe()
  const router = useRouter()
  const client = useQueryClient()
  const read = (id: string) => send('post', '/notices/read', {}, id ? { id } : {}).then(() => client.invalidateQueries({ queryKey: ['bench'] }))
  return (
    <>
      <h2>{m.bench.notices}</h2>
      {!items.length && <p className="faint gap-2">{m.bench.noNotices}</p>}
      <ul className="note">
        {items.map(n => (
          <li key={n.id} className={n.read ? '' : 'new'}>
            {n.link ? (
              <a
                href={n.link}
                onClick={e => {
                  if (!n.read) void read(n.id)
                  if (n.link.startsWith('/') && !e.ctrlKey && !e.metaKey) {
                    e.preventDefault()
                    router.history.push(n.link)
                  }
                }}
              >
                {!n.read && <span className="unseen">{m.news.unread} </span>}
                {l(n.title)}
              </a>
            ) : (
              <span>{l(n.title)}</span>
            )}
            <span className="faint small">{shortTime(n.at, me.today)}</span>
          </li>
        ))}
      </ul>
      {items.some(n => !n.read) && (
        <p className="gap-2">
          <button type="button" className="link" onClick={() => void read('')}>
            {m.news.readAll}
          </button>
        </p>
      )}
    </>
  )
}
