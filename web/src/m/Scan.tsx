import { useEffect, useRef, useState } from 'react'
import { go } from './hooks'
import { Sheet } from './parts'
import type { Pocket } from './store'
import { useI18n } from './texts'

type Detector = { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> }
type Reader = (video: HTMLVideoElement) => Promise<string>

/** The phone's own reader where it has one, otherwise a small one of ours. */
async function reader(): Promise<Reader> {
  const own = (globalThis as { BarcodeDetector?: { new (o: object): Detector; getSupportedFormats(): Promise<string[]> } }).BarcodeDetector
  if (own && (await own.getSupportedFormats().catch(() => [] as string[])).includes('qr_code')) {
    const d = new own({ formats: ['qr_code'] })
    return async v => (await d.detect(v))[0]?.rawValue ?? ''
  }
  const { default: read } = await import('jsqr')
  const canvas = document.createElement('canvas')
  return async v => {
    const w = (canvas.width = Math.min(640, v.videoWidth))
    const h = (canvas.height = Math.round((w * v.videoHeight) / Math.max(1, v.videoWidth)))
    const c = canvas.getContext('2d', { willReadFrequently: true })
    if (!c || !w || !h) return ''
    c.drawImage(v, 0, 0, w, h)
    return read(c.getImageData(0, 0, w, h).data, w, h)?.data ?? ''
  }
}

/** The place that a code leads to: the code of a point is the last word of its address. */
export function placeByCode(text: string, all: Pocket[]): Pocket | undefined {
  let code = text.trim().replace(/[?#].*$/, '').split('/').pop() ?? ''
  try {
    code = decodeURIComponent(code)
  } catch {
    // no address of ours
  }
  if (!code) return undefined
  const own = all.find(p => p.code === code && p.forms.length > 0)
  return own ?? all.find(p => p.points.some(x => x.code === code)) ?? all.find(p => p.name === text.trim())
}

export default function Scan({ all, onClose }: { all: Pocket[]; onClose: () => void }) {
  const { m } = useI18n()
  const video = useRef<HTMLVideoElement>(null)
  const [said, setSaid] = useState('')
  useEffect(() => {
    let stream: MediaStream | undefined
    let gone = false
    void (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
        const v = video.current
        if (gone || !v) return
        v.srcObject = stream
        await v.play()
        const read = await reader()
        while (!gone) {
          const text = v.readyState >= 2 ? await read(v) : ''
          if (text) {
            const found = placeByCode(text, all)
            if (found) {
              onClose()
              go('at', { key: found.key })
              return
            }
            setSaid(m.field.scanNone({ t: text.slice(-40) }))
          }
          await new Promise(r => setTimeout(r, 150))
        }
      } catch {
        if (!gone) setSaid(m.field.scanNo)
      } finally {
        if (gone) stream?.getTracks().forEach(t => t.stop())
      }
    })()
    return () => {
      gone = true
      stream?.getTracks().forEach(t => t.stop())
    }
  }, [all, m, onClose])
  return (
    <Sheet title={m.field.scan} onClose={onClose}>
      <video ref={video} className="field-video" playsInline muted />
      <p role="status">{said || m.field.scanHint}</p>
      <button type="button" className="field-btn" onClick={onClose}>
        {m.field.scanStop}
      </button>
    </Sheet>
  )
}
