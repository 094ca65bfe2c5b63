import { useState } from 'react'
import { url } from '../../api/client'
import { int, shortDay } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { copyText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import type { Campaign } from './types'
import { useI18n } from './texts'

const NEVER = 12
/** As much of a digest as two people read to each other. */
const brief = (hash: string) => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`.toUpperCase()

/** How it was drawn, so that anybody can work it out again; how far each unit is; what was never inspected. */
export function CampaignHow({ c }: { c: Campaign }) {
  const { m } = useI18n()
  const me = useMe()
  const opened = c.day_list.filter(d => d.seed)
  const [day, setDay] = useState(opened.at(-1)?.day)
  const sealedDays = c.day_list.filter(x => x.seal && !x.seed)
  const digests = [`${c.no} ${m.campaign.base} ${c.digest}`, ...c.day_list.map(x => `${x.day} ${m.campaign.secret} ${x.seal}`)].join('\n')
  const d = opened.find(x => x.day === day)
  const nth = c.day_list.findIndex(x => x.day === day) + 1
  const command = d ? `S=${d.seed}\nC=${c.no}\n${c.shell}` : ''
  return (
    <>
      {c.digest && (
        <section>
          <div className="row wrap">
            <h2>{m.campaign.how}</h2>
            {opened.length > 0 && <StatusMark mark="ok">{m.campaign.canRepeat}</StatusMark>}
          </div>
          <dl className="campaign-how">
            <dt>{m.campaign.base}</dt>
            <dd>
              {m.campaign.baseOf({ n: c.places, d: shortDay(c.sealed, me.today) })} <code title={c.digest}>{brief(c.digest)}</code>
            </dd>
            <dt>{m.campaign.seed}</dt>
            <dd>{d ? <code className="campaign-seed">{d.seed}</code> : <span className="muted">{m.campaign.seedParts}</span>}</dd>
            {d && (
              <>
                <dt>{m.campaign.secret}</dt>
                <dd>
                  <code title={d.secret}>{brief(d.secret)}</code> <span className="muted">{m.campaign.secretSeal}</span> <code title={d.seal}>{brief(d.seal)}</code>
                </dd>
              </>
            )}
            <dt>{m.campaign.wordsLabel}</dt>
            <dd>{c.words || <span className="muted">{m.campaign.noWords}</span>}</dd>
            {d && (
              <>
                <dt>{m.campaign.chain}</dt>
                <dd>
                  <code title={d.chain}>{brief(d.chain)}</code>
                </dd>
              </>
            )}
            {sealedDays.length > 0 && (
              <>
                <dt>{m.campaign.secrets}</dt>
                <dd>
                  {sealedDays.map(x => (
                    <span key={x.day} className="nowrap campaign-secret">
                      {shortDay(x.day, me.today)} <code title={x.seal}>{brief(x.seal)}</code>
                    </span>
                  ))}
                </dd>
              </>
            )}
            <dt>{m.campaign.method}</dt>
            <dd>{m.campaign.methodText({ n: c.surprise })}</dd>
          </dl>
          {opened.length > 1 && (
            <nav className="tabs campaign-days" aria-label={m.campaign.days}>
              {opened.map(x => (
                <button key={x.day} type="button" aria-current={x.day === day ? 'page' : undefined} onClick={() => setDay(x.day)}>
                  {shortDay(x.day, me.today)}
                </button>
              ))}
            </nav>
          )}
          {d && <pre className="campaign-shell">{command}</pre>}
          <p className="row wrap campaign-links">
            {d && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  void copyText(command).then(() => toast(m.campaign.copied))
                }}
              >
                <Icon name="copy" />
                {m.campaign.copy}
              </button>
            )}
            <button
              type="button"
              className="link"
              onClick={() => {
                void copyText(digests).then(() => toast(m.common.copied))
              }}
            >
              <Icon name="copy" />
              {m.campaign.copyDigests}
            </button>
            <a className="row" href={url(`/campaigns/${c.id}/base`)} download={`${c.no}-base.txt`}>
              <Icon name="download" />
              {m.campaign.download}
            </a>
            {d && nth > 1 && (
              <a className="row" href={url(`/campaigns/${c.id}/base`, { day: nth })} download="base.txt">
                <Icon name="download" />
                {m.campaign.downloadDay}
              </a>
            )}
          </p>
        </section>
      )}
      <section>
        <h2>
          {m.campaign.crew} <span className="muted small">{c.crew.map(x => x.name).join(m.common.sep)}</span>
        </h2>
      </section>
      {c.streets.length > 0 && <Streets c={c} />}
      {c.never.length > 0 && <Never c={c} />}
      {c.left_out.length > 0 && (
        <section>
          <h2>{m.campaign.leftOut}</h2>
          <ul className="campaign-never">
            {c.left_out.map(p => (
              <li key={p.key}>
                {p.name} <span className="muted small">{p.reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Streets({ c }: { c: Campaign }) {
  const { m, lang } = useI18n()
  return (
    <section>
      <h2>{m.campaign.progress}</h2>
      <table className="table campaign-streets">
        <Heads of={[m.campaign.street, { num: m.campaign.places }, { num: m.campaign.drawn }, { unseen: m.campaign.done }, { num: m.campaign.done }, { num: m.campaign.wrong }]} />
        <tbody>
          {c.streets.map(s => (
            <tr key={s.name}>
              <td>{s.name}</td>
              <td className="num">{int(s.places, lang)}</td>
              <td className="num">{int(s.drawn, lang)}</td>
              <td aria-label={m.campaign.done}>
                <span className="bar">
                  <i style={{ width: `${s.drawn > 0 ? (s.done / s.drawn) * 100 : 0}%` }} />
                </span>
              </td>
              <td className="num nowrap">
                <b>{int(s.done, lang)}</b> <span className="muted">/ {int(s.drawn, lang)}</span>
              </td>
              <td className="num">{int(s.failed, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Never({ c }: { c: Campaign }) {
  const { m } = useI18n()
  const [all, setAll] = useState(false)
  return (
    <section>
      <h2>
        {m.campaign.never} <span className="muted small">{m.campaign.neverN({ n: c.never.length })}</span>
      </h2>
      <ul className="campaign-never">
        {(all ? c.never : c.never.slice(0, NEVER)).map(p => (
          <li key={p.key}>
            {p.name} <span className="muted small">{p.stratum}</span>
          </li>
        ))}
      </ul>
      {!all && c.never.length > NEVER && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {m.campaign.showAll({ n: c.never.length })}
        </button>
      )}
    </section>
  )
}
