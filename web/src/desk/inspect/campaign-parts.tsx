import { useQueryClient } from '@tanstack/react-query'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { Icon } from '../ui/Icon'
import { useMe } from '../ui/hooks'
import type { Campaign, CampaignRow } from './types'
import { useI18n } from './texts'

/** Where a campaign stands: sealed and waiting, on one of its days, over. */
export function CampaignState({ c }: { c: Pick<CampaignRow, 'state' | 'opened' | 'days' | 'last' | 'first'> }) {
  const { m } = useI18n()
  const { today } = useMe()
  if (c.state === 'draft') return <StatusMark mark="draft">{m.campaign.state.draft}</StatusMark>
  if (c.state === 'stopped') return <StatusMark mark="void">{m.campaign.state.stopped}</StatusMark>
  if (c.last < today) return <StatusMark mark="ok">{m.campaign.state.over}</StatusMark>
  if (c.opened > 0) return <StatusMark mark="wait">{m.campaign.state.running({ a: c.opened, b: c.days })}</StatusMark>
  return <Locked>{m.campaign.state.sealed}</Locked>
}

/** What is not opened yet. */
export function Locked({ children }: { children: string }) {
  return (
    <span className="status status-draft">
      <Icon name="lock" />
      {children}
    </span>
  )
}

const marks: Record<string, Mark> = { open: 'draft', done: 'ok', missed: 'late' }

export function Outcome({ of, reason, given }: { of: string; reason?: string; given?: string }) {
  const { m } = useI18n()
  return (
    <>
      <StatusMark mark={marks[of] ?? 'draft'}>{m.campaign.outcome[of]}</StatusMark>
      {reason ? <span className="faint small"> {m.campaign.reason({ t: reason })}</span> : null}
      {given && m.campaign.given[given] ? <span className="faint small"> {m.campaign.given[given]}</span> : null}
    </>
  )
}

/** Shows what became of a campaign after a command. */
export function useFresh() {
  const client = useQueryClient()
  return (c: Campaign) => {
    client.setQueryData(['campaign', c.id], c)
    void client.invalidateQueries({ predicate: q => ['campaigns', 'campaign-looks', 'inspect-today'].includes(String(q.queryKey[0])) })
  }
}
