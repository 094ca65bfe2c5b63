import { get, url } from '../api/client'
import { ProblemError } from '../api/errors'
import { currentLang } from '../shared/i18n'
import { setWay, verdict } from './send'
import { changed, meta, nowThere, phone, setMeta, spoke, store, who, setWho, type PartBody, type Pocket, type TodayRow } from './store'
import type { Form } from '../shared/check/types'

/** Asks who is signed in. null: the district cannot be asked, or nobody is; what is on the phone can be gone on with. */
export async function signedIn(): Promise<boolean> {
  try {
    const me = await get('/me', {})
    setWho({ account: me.account, login: me.login, name: me.name, unit: me.unit.name })
    setWay('open')
    return true
  } catch (e) {
    const v = verdict(e)
    setWay(v === 'needs' || v === 'later' ? 'away' : v)
    return false
  }
}

let busy: Promise<void> | null = null
/** Fetches what the phone should have with it: only parts that changed, pictures of open problems last. */
export function refresh(): Promise<void> {
  busy ??= fetchAll().finally(() => {
    busy = null
  })
  return busy
}

const PICTURES = 2 * 1024 * 1024

async function fetchAll(): Promise<void> {
  if (!who()) return
  const db = await store()
  try {
    const day = await get('/field/day', { phone: phone() })
    if (day.me.account !== who()?.account) return
    await spoke(day.now)
    await setMeta('key', day.phone_key)
    const have = new Map((await db.getAll('parts')).map(p => [p.name, p.sha]))
    for (const part of day.parts) {
      if (have.get(part.name) === part.sha) continue
      const body = await get('/field/parts/{name}', { name: part.name })
      await db.put('parts', { name: part.name, sha: part.sha, body })
      changed()
    }
    for (const name of have.keys()) if (!day.parts.some(p => p.name === name)) await db.delete('parts', name)
    await setMeta('day', { day: day.day, at: nowThere() })
    setWay('open')
    changed()
    await pictures()
  } catch (e) {
    const v = verdict(e)
    if (e instanceof ProblemError && e.problem.status === 403) await setMeta('day', { day: '', at: nowThere(), why: e.problem.detail || e.problem.title || e.problem.code })
    setWay(v === 'needs' || v === 'later' ? 'open' : v)
    changed()
  }
}

/** Small pictures of what is open at today's places, so that they can be compared without a network. */
async function pictures() {
  const db = await store()
  const { rows } = await today()
  const wanted = [...new Set(rows.flatMap(r => r.open_cases.map(c => c.photo)).filter(Boolean))]
  let room = PICTURES
  for (const old of await db.getAll('thumbs')) {
    if (wanted.includes(old.sha)) room -= old.bytes.byteLength
    else await db.delete('thumbs', old.sha)
  }
  for (const sha of wanted) {
    if (room <= 0) return
    if (await db.get('thumbs', sha)) continue
    const answer = await fetch(url(`/blobs/${sha}`, { size: 'thumb' }), { headers: { 'Accept-Language': currentLang() } })
    if (!answer.ok) continue
    const bytes = await answer.arrayBuffer()
    room -= bytes.byteLength
    await db.put('thumbs', { sha, bytes })
  }
}

export async function today(): Promise<{ day: string; rows: TodayRow[] }> {
  const part = await (await store()).get('parts', 'today')
  return part?.body.today ?? { day: '', rows: [] }
}
export async function forms(): Promise<{ forms: Form[]; kinds: NonNullable<PartBody['forms']>['kinds'] }> {
  const part = await (await store()).get('parts', 'forms')
  return part?.body.forms ?? { forms: [], kinds: [] }
}
/** Every place on the phone. */
export async function places(): Promise<Pocket[]> {
  return (await (await store()).getAll('parts')).flatMap(p => p.body.places?.places ?? [])
}
export const placeOf = async (key: string) => (await places()).find(p => p.key === key)
/** When the phone last had everything, and for which day. */
export const fetched = () => meta<{ day: string; at: number; why?: string }>('day')
