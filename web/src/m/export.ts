import { strToU8, zipSync } from 'fflate'
import { sha256Sync } from '../shared/sha256'
import { isOpen, meta, nowThere, phone, queue, store, who } from './store'

const hex = (b: Uint8Array) => [...b].map(x => x.toString(16).padStart(2, '0')).join('')

/** HMAC-SHA-256, also where the page is not on https. */
export function signature(key: string, text: string): string {
  const block = new Uint8Array(64)
  const raw = strToU8(key)
  block.set(raw.length > 64 ? sha256Sync(raw) : raw)
  const part = (pad: number, tail: Uint8Array) => {
    const all = new Uint8Array(64 + tail.length)
    for (let i = 0; i < 64; i++) all[i] = block[i]! ^ pad
    all.set(tail, 64)
    return sha256Sync(all)
  }
  return hex(part(0x5c, part(0x36, strToU8(text))))
}

/**
 * All that has not left the phone as one file, which somebody with the right can take in at a desk: a line for each record, signed
 * with the phone's key, and the photos by their digests. null where there is nothing.
 */
export async function exported(): Promise<{ name: string; file: Blob; records: number; photos: number } | null> {
  const db = await store()
  const me = who()
  const key = (await meta<string>('key')) ?? ''
  const items = await queue()
  const files: { [name: string]: Uint8Array } = {}
  const lines: string[] = []
  let photos = 0
  for (const x of items) {
    const mine = []
    for (const sha of x.photos) {
      const p = await db.get('photos', sha)
      if (p && !p.whole) mine.push(p)
    }
    if (!isOpen(x) && mine.length === 0) continue
    const text = JSON.stringify({ id: x.id, account: me?.account, login: me?.login, name: me?.name, title: x.title, op: x.op, at: x.at })
    lines.push(JSON.stringify({ text, phone: phone(), signature: signature(key, text) }))
    for (const p of mine) {
      files[`photos/${p.sha}`] = new Uint8Array(p.bytes)
      photos++
    }
  }
  if (lines.length === 0) return null
  files['ops.jsonl'] = strToU8(`${lines.join('\n')}\n`)
  const day = new Date(nowThere() + 8 * 3_600_000).toISOString().slice(0, 16).replace(/[-:T]/g, '')
  return { name: `sifen-${me?.login ?? 'phone'}-${day}.zip`, file: new Blob([zipSync(files, { level: 0 })], { type: 'application/zip' }), records: lines.length, photos }
}

/** Puts the file where downloads go. */
export async function saveExport(): Promise<boolean> {
  const made = await exported()
  if (!made) return false
  const at = URL.createObjectURL(made.file)
  const a = document.createElement('a')
  a.href = at
  a.download = made.name
  a.click()
  setTimeout(() => URL.revokeObjectURL(at), 60_000)
  return true
}
