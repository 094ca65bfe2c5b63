import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import './chart.css'

/** What a chart's frame says; the caller's dictionary gives it. */
export type FrameWords = { picture: string; table: string; show: string; svg: string; png: string; xlsx: string; csv: string; download: string }

/** The width of an element, so that text in a drawing keeps its size. */
export function useWidth<T extends HTMLElement>(initial = 640) {
  const ref = useRef<T>(null)
  const [width, set] = useState(initial)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const measure = () => box.clientWidth > 0 && set(Math.round(box.clientWidth))
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const o = new ResizeObserver(measure)
    o.observe(box)
    return () => o.disconnect()
  }, [])
  return [ref, width] as const
}

/**
 * A picture with its table beside it: side by side where there is room, else one of both. The picture can be taken as
 * SVG or PNG, the data as Excel or CSV.
 */
export function ChartFrame({
  title,
  note,
  words,
  picture,
  table,
  name,
  xlsx,
  csv,
  children,
}: {
  title: string
  note?: ReactNode
  words: FrameWords
  picture: (width: number) => ReactNode
  table: ReactNode
  name: string
  xlsx?: string
  csv?: string
  children?: ReactNode
}) {
  const [box, width] = useWidth<HTMLDivElement>()
  const [shows, setShows] = useState<'picture' | 'table'>('picture')
  const id = useId()
  const drawing = () => box.current?.querySelector('svg') ?? null
  return (
    <section className="chart" data-shows={shows} aria-labelledby={`${id}-h`}>
      <header>
        <h2 id={`${id}-h`}>{title}</h2>
        {note && <span className="faint small">{note}</span>}
        <span className="grow" />
        <span className="chart-which" role="group" aria-label={words.show}>
          <button type="button" aria-pressed={shows === 'picture'} onClick={() => setShows('picture')}>
            {words.picture}
          </button>
          <button type="button" aria-pressed={shows === 'table'} onClick={() => setShows('table')}>
            {words.table}
          </button>
        </span>
        <span className="chart-get noprint" role="group" aria-label={words.download}>
          <button type="button" className="link" onClick={() => savePicture(drawing(), name, title, 'svg')}>
            {words.svg}
          </button>
          <button type="button" className="link" onClick={() => savePicture(drawing(), name, title, 'png')}>
            {words.png}
          </button>
          {xlsx && (
            <a href={xlsx} download>
              {words.xlsx}
            </a>
          )}
          {csv && (
            <a href={csv} download>
              {words.csv}
            </a>
          )}
        </span>
      </header>
      {children}
      <div className="chart-both">
        <div className="chart-pic" ref={box}>
          {picture(width)}
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a table that scrolls must be reachable by keyboard */}
        <div className="chart-tab" role="region" aria-label={`${title} ${words.table}`} tabIndex={0}>
          {table}
        </div>
      </div>
    </section>
  )
}

const FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif'

/** The drawing as a file of its own: white ground, its title above, fonts named. */
export function standalone(svg: SVGSVGElement, title: string): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const [, , w = 640, h = 320] = (svg.getAttribute('viewBox') ?? '').split(/\s+/).map(Number)
  const head = 40
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(w))
  copy.setAttribute('height', String(h + head))
  copy.setAttribute('viewBox', `0 ${-head} ${w} ${h + head}`)
  copy.setAttribute('font-family', FONT)
  copy.querySelectorAll('[data-screen]').forEach(e => e.remove())
  copy.querySelectorAll('a').forEach(a => {
    const g = document.createElementNS('http://www.w3.org/2000/svg', 'g')
    g.append(...a.childNodes)
    a.replaceWith(g)
  })
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [k, v] of Object.entries({ x: 0, y: -head, width: w, height: h + head, fill: '#ffffff' })) ground.setAttribute(k, String(v))
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'text')
  for (const [k, v] of Object.entries({ x: 8, y: -14, 'font-size': 16, 'font-weight': 600, fill: '#1b2426' })) words.setAttribute(k, String(v))
  words.textContent = title
  copy.prepend(ground, words)
  return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}`, width: w, height: h + head }
}

function save(blob: Blob, name: string) {
  const a = document.createElement('a')
  a.href = URL.createObjectURL(blob)
  a.download = name
  document.body.append(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000)
}

function savePicture(svg: SVGSVGElement | null, name: string, title: string, kind: 'svg' | 'png') {
  if (!svg) return
  const { text, width, height } = standalone(svg, name)
  const file = new Blob([text], { type: 'image/svg+xml;charset=utf-8' })
  const as = `${name.replace(/[\\/:*?"<>|]/g, ' ')} ${title}.${kind}`
  if (kind === 'svg') return save(file, as)
  const from = URL.createObjectURL(file)
  const img = new Image()
  img.onload = () => {
    const scale = 3 // sharp on paper
    const c = document.createElement('canvas')
    c.width = width * scale
    c.height = height * scale
    const g = c.getContext('2d')
    if (g) {
      g.scale(scale, scale)
      g.drawImage(img, 0, 0, width, height)
      c.toBlob(b => b && save(b, as), 'image/png')
    }
    URL.revokeObjectURL(from)
  }
  img.src = from
}
