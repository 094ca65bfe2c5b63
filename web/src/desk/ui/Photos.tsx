import { useEffect, useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Link } from '@tanstack/react-router'
import { url } from '../../api/client'
import type { Evidence } from '../../api/answers'
import { fileSize, tableTime } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Icon } from './Icon'
import { covered } from './hooks'

export const blob = (sha: string, size: 'thumb' | 'view' | 'original') => url(`/blobs/${sha}`, { size })
export const isPhoto = (e: Evidence) => e.width > 0
export const nameOf = (x: string | { name: string } | undefined) => (typeof x === 'string' ? x : (x?.name ?? ''))
const clockOf = (taken?: string) => (taken ? taken.replace('T', ' ').slice(5, 16) : '')

export function PhotoGrid({ evidence, max, className = 'phs', lead }: { evidence: Evidence[]; max?: number; className?: string; lead?: boolean }) {
  const { m } = useI18n()
  const [at, set] = useState<number | null>(null)
  const all = evidence.map(e => ({ ...e, also_in: e.also_in ?? [] }))
  const photos = all.filter(isPhoto)
  const files = all.filter(e => !isPhoto(e))
  const shown = max && photos.length > max ? photos.slice(0, max - 1) : photos
  const tile = (e: Evidence, i: number, size: 'thumb' | 'view') => (
    <button key={e.sha} type="button" className="photo" onClick={() => set(i)}>
      <img src={blob(e.sha, size)} alt={m.entry.photoN({ a: i + 1, b: photos.length })} loading="lazy" />
      {(e.taken_at || e.also_in.length > 0) && (
        <span>
          {e.also_in.length > 0 && '⚠ '}
          {clockOf(e.taken_at)}
        </span>
      )}
    </button>
  )
  return (
    <>
      {lead && shown[0] && <div className="lead-photo">{tile(shown[0], 0, 'view')}</div>}
      {shown.length > (lead ? 1 : 0) && (
        <div className={className}>
          {shown.map((e, i) => (lead && i === 0 ? null : tile(e, i, 'thumb')))}
          {shown.length < photos.length && (
            <button type="button" className="photo none" onClick={() => set(shown.length)}>
              {m.entry.more({ n: photos.length - shown.length })}
            </button>
          )}
        </div>
      )}
      {files.map(f => (
        <p key={f.sha} className="gap-2">
          <a className="row" href={blob(f.sha, 'original')} download={f.name}>
            <Icon name="doc" />
            {f.name}
          </a>
        </p>
      ))}
      {photos.flatMap(e =>
        e.also_in.map((x, i) => (
          <p key={e.sha + i} className="hint gap-2">
            <Icon name="warn" />
            <span>
              <Elsewhere words={m.entry.reused} at={x} />
            </span>
          </p>
        )),
      )}
      {at !== null && photos[at] && <Viewer photos={photos} at={at} onMove={set} onClose={() => set(null)} />}
    </>
  )
}

function Viewer({ photos, at, onMove, onClose }: { photos: Evidence[]; at: number; onMove: (i: number) => void; onClose: () => void }) {
  const { m } = useI18n()
  const [zoom, setZoom] = useState(1)
  const [turn, setTurn] = useState(0)
  const e = photos[at]!
  const move = (d: number) => {
    setZoom(1)
    setTurn(0)
    onMove((at + d + photos.length) % photos.length)
  }
  useEffect(() => {
    const key = (k: KeyboardEvent) => {
      if (covered()) return
      if (k.key === 'ArrowRight' || k.key === 'ArrowDown') move(1)
      else if (k.key === 'ArrowLeft' || k.key === 'ArrowUp') move(-1)
      else if (k.key === '+' || k.key === '=') setZoom(z => Math.min(z * 1.5, 6))
      else if (k.key.toLowerCase() === 'r') setTurn(t => (t + 90) % 360)
      else if (k.key === '-') setZoom(z => Math.max(z / 1.5, 1))
      else return
      k.preventDefault()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
  return (
    <ModalOverlay isOpen onOpenChange={open => !open && onClose()} className="viewer-over">
      <Modal>
      <Dialog className="viewer" aria-label={m.entry.viewer}>
      <header>
        <span className="grow cut">
          {m.entry.photoN({ a: at + 1, b: photos.length })}　{e.name}
        </span>
        {photos.length > 1 && (
          <>
            <button type="button" className="btn icon" aria-label={m.common.previous} onClick={() => move(-1)}>
              <Icon name="left" size={20} />
            </button>
            <button type="button" className="btn icon" aria-label={m.common.next} onClick={() => move(1)}>
              <Icon name="right" size={20} />
            </button>
          </>
        )}
        <button type="button" className="btn icon" aria-label={m.entry.zoomOut} disabled={zoom <= 1} onClick={() => setZoom(Math.max(zoom / 1.5, 1))}>
          <Icon name="minus" size={20} />
        </button>
        <button type="button" className="btn icon" aria-label={m.entry.zoomIn} onClick={() => setZoom(Math.min(zoom * 1.5, 6))}>
          <Icon name="plus" size={20} />
        </button>
        <button type="button" className="btn icon" aria-label={m.entry.rotate} title={m.entry.rotate} onClick={() => setTurn((turn + 90) % 360)}>
          <Icon name="undo" size={20} />
        </button>
        <button type="button" className="btn icon" aria-label={m.common.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <div className={zoom > 1 ? 'stage zoomed' : 'stage'} onDoubleClick={() => setZoom(zoom > 1 ? 1 : 2.25)} role="presentation">
        <img src={blob(e.sha, zoom > 1.6 ? 'original' : 'view')} alt={e.name} style={{ ...(zoom > 1 ? { width: `${zoom * 100}%` } : {}), ...(turn ? { transform: `rotate(${turn}deg)`, ...(turn % 180 ? { maxWidth: '70vh', maxHeight: '70vw' } : {}) } : {}) }} />
      </div>
      <aside>
        <PhotoFacts evidence={e} />
      </aside>
      </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Another record that has the same picture, or one much like it. */
function Elsewhere({ words, at: x }: { words: string; at: Evidence['also_in'][number] }) {
  return (
    <>
      {words}{' '}
      {x.entry ? (
        <Link to="/entry/$id" params={{ id: x.entry }}>
          {x.number ?? x.entry}
        </Link>
      ) : (
        x.number
      )}{' '}
      {x.unit}
    </>
  )
}

export function PhotoFacts({ evidence: e }: { evidence: Evidence }) {
  const { m } = useI18n()
  return (
    <>
      <dl className="pairs">
        {e.taken_at && (
          <>
            <dt>{m.entry.taken}</dt>
            <dd>{e.taken_at.replace('T', ' ').slice(0, 16)}</dd>
          </>
        )}
        {e.camera && (
          <>
            <dt>{m.entry.camera}</dt>
            <dd>{e.camera}</dd>
          </>
        )}
        {e.lat !== undefined && e.lon !== undefined && (
          <>
            <dt>{m.entry.location}</dt>
            <dd>{geoText(e.lat, e.lon)}</dd>
          </>
        )}
        <dt>{m.entry.size}</dt>
        <dd>
          {e.width} × {e.height}
        </dd>
        <dt>{m.entry.uploaded}</dt>
        <dd>
          {nameOf(e.uploaded_by)}
          <br />
          {tableTime(e.uploaded_at)}
        </dd>
      </dl>
      {!e.taken_at && e.lat === undefined && <p className="gap-2 small">{m.entry.noExif}</p>}
      {e.also_in.map((x, i) => (
        <p key={i} className="gap-2">
          <Elsewhere words={m.entry.reused} at={x} />
        </p>
      ))}
      {e.near?.map((x, i) => (
        <p key={`n${i}`} className="gap-2">
          <Elsewhere words={m.entry.near} at={x} />
        </p>
      ))}
      <p className="gap-3">
        <a href={blob(e.sha, 'original')} download={e.name}>
          {m.entry.original}
        </a>
      </p>
      <p className="gap-1 small" style={{ wordBreak: 'break-all', opacity: 0.7 }}>
        SHA-256 {e.sha}
      </p>
    </>
  )
}
export { fileSize }
/** Stored degrees are whole numbers of 1e-7; a float below 181 is plain degrees. */
export const degrees = (x: number) => (Number.isInteger(x) && Math.abs(x) > 181 ? x / 1e7 : x)
export const geoText = (lat: number, lon: number) => `${degrees(lat).toFixed(5)}, ${degrees(lon).toFixed(5)}`
