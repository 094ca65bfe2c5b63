import { useState } from 'react'
import { send } from '../../api/client'
import { FormDialog } from '../ui/Dialog'
import { TextArea, TextField } from '../ui/Field'
import { toast } from '../ui/Toast'
import { useReason } from '../ui/useReason'
import { useFresh } from './campaign-parts'
import type { Campaign } from './types'
import { useI18n } from './texts'

export type Act = 'seal' | 'words' | 'stop'

/** What cannot be taken back: sealing, the words of representatives, stopping. */
export function CampaignAct({ c, act, onClose }: { c: Campaign; act: Act; onClose: () => void }) {
  const { m } = useI18n()
  const fresh = useFresh()
  const why = useReason(m.campaign.stopAsk)
  const [words, setWords] = useState('')
  const [missing, setMissing] = useState('')
  const check = () => {
    if (act === 'stop') return why.check()
    if (act === 'words') setMissing(words.trim() ? '' : m.campaign.wordsHint)
    return act !== 'words' || !!words.trim()
  }
  const go = async (op: string) => {
    const at = { rev: c.rev, op }
    if (act === 'seal') fresh(await send('post', '/campaigns/{id}/seal', { id: c.id }, {}, at))
    else if (act === 'words') fresh(await send('post', '/campaigns/{id}/words', { id: c.id }, { words: words.trim() }, at))
    else fresh(await send('post', '/campaigns/{id}/stop', { id: c.id }, { reason: why.reason }, at))
    toast({ seal: m.campaign.sealed, words: m.campaign.wordsDone, stop: m.campaign.stopped }[act])
    onClose()
  }
  return (
    <FormDialog title={m.campaign[act]} onClose={onClose} check={check} onSubmit={go} danger={act === 'stop'}>
      <p className="muted">{{ seal: m.campaign.sealAsk, words: m.campaign.wordsHint, stop: m.campaign.stopAsk }[act]}</p>
      {act === 'words' && <TextField label={m.campaign.wordsLabel} value={words} onChange={setWords} error={missing} autoFocus />}
      {act === 'stop' && <TextArea label={m.campaign.reasonLabel} {...why.field} maxLength={300} autoFocus />}
    </FormDialog>
  )
}
