import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from 'react'
import type { Document } from '../../api/answers'
import { toast } from '../ui/Toast'
import { useI18n } from './texts'

export type PaperHandle = { show: (n: number) => void; focus: (n: number) => void; section: (id: string) => void; order: () => number[] }
type Props = {
  doc: Document
  selected?: number | undefined
  onOpen?: (n: number) => void
  onText?: (key: string) => void
  onSection?: (id: string) => void
  /** Own text is written below a paragraph: its key and words. */
  onBelow?: (key: string, above: string) => void
  changed?: Set<number>
  ref?: Ref<PaperHandle>
}

const buttons = (box: HTMLElement | null) => [...(box?.querySelectorAll<HTMLElement>('[data-n]') ?? [])]
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** The document as the server rendered it from the template. Its figures are buttons; this part only listens and marks. */
export function Paper({ doc, selected, onOpen, onText, onSection, onBelow, changed, ref }: Props) {
  const { m, l } = useI18n()
  const box = useRef<HTMLElement>(null)
  const seen = useRef<{ id: string; displays: Map<number, string> } | null>(null)

  useLayoutEffect(() => {
    const figures = new Map(doc.cited.map(f => [f.n, f]))
    for (const b of buttons(box.current)) {
      const f = figures.get(Number(b.dataset.n))
      b.classList.add('fig')
      b.classList.toggle('on', Number(b.dataset.n) === selected)
      b.classList.toggle('gap', !!f?.missing)
      b.classList.toggle('changed', !!changed?.has(Number(b.dataset.n)))
      b.toggleAttribute('data-changed', !!changed?.has(Number(b.dataset.n)))
      if (f) b.title = f.missing ? m.summary.gap({ t: l(f.title) }) : l(f.title)
      if (Number(b.dataset.n) === selected) b.setAttribute('aria-current', 'true')
      else b.removeAttribute('aria-current')
    }
  })

  const below = !!onBelow
  useLayoutEffect(() => {
    const root = box.current
    root?.querySelectorAll('.below').forEach(b => b.remove())
    if (!below || !root) return
    for (const p of root.querySelectorAll<HTMLElement>('[data-p]:not(.own)')) {
      const b = window.document.createElement('button')
      b.type = 'button'
      b.className = 'below noprint'
      b.lang = document.documentElement.lang
      b.dataset.below = p.dataset.p ?? ''
      b.textContent = (doc.own[b.dataset.below] ? '✎ ' : '+ ') + m.docs.below
      b.setAttribute('aria-label', `${m.docs.belowTitle}: ${(p.textContent ?? '').slice(0, 16)}`)
      p.append(b)
    }
  }, [below, doc, m])

  // A figure that changed while the page was open is lit for a moment.
  useEffect(() => {
    const now = new Map(doc.cited.map(f => [f.n, f.display]))
    const before = seen.current
    seen.current = { id: doc.id, displays: now }
    if (!before || before.id !== doc.id) return
    const moved = doc.cited.filter(f => before.displays.has(f.n) && before.displays.get(f.n) !== f.display)
    if (!moved.length) return
    toast(m.summary.updated)
    for (const b of buttons(box.current)) {
      if (!moved.some(f => f.n === Number(b.dataset.n))) continue
      b.classList.add('flash')
      setTimeout(() => b.classList.remove('flash'), 2500)
    }
  }, [doc, m])

  const find = (n: number) => buttons(box.current).find(b => Number(b.dataset.n) === n)
  useImperativeHandle(ref, () => ({
    show: n =>
      find(n)?.scrollIntoView({ block: matchMedia('(max-width: 767px)').matches ? 'start' : 'center', behavior: calm() ? 'auto' : 'smooth' }),
    focus: n => find(n)?.focus(),
    section: id => box.current?.querySelector(`#${CSS.escape(id)}`)?.scrollIntoView({ block: 'start', behavior: calm() ? 'auto' : 'smooth' }),
    order: () =>
      buttons(box.current)
        .map(b => Number(b.dataset.n))
        .filter((n, i, all) => all.indexOf(n) === i),
  }))

  useEffect(() => {
    if (!onSection) return
    const pane = box.current?.parentElement
    const mark = () => {
      let current = ''
      for (const o of doc.outline) {
        const el = document.getElementById(o.id)
        if (el && el.getBoundingClientRect().top < innerHeight * 0.4) current = o.id
      }
      onSection(current)
    }
    mark()
    pane?.addEventListener('scroll', mark, { passive: true })
    addEventListener('scroll', mark, { passive: true })
    return () => {
      pane?.removeEventListener('scroll', mark)
      removeEventListener('scroll', mark)
    }
  }, [doc.id, doc.outline, onSection])

  return (
    <article
      className="paper"
      lang="zh-CN"
      ref={box}
      onClick={e => {
        const add = (e.target as HTMLElement).closest<HTMLElement>('[data-below]')
        if (add && onBelow) {
          const words = add.parentElement?.cloneNode(true) as HTMLElement
          words.querySelectorAll('.below').forEach(x => x.remove())
          return onBelow(add.dataset.below ?? '', words.textContent ?? '')
        }
        const b = (e.target as HTMLElement).closest<HTMLElement>('[data-n]')
        if (b && onOpen) {
          e.preventDefault()
          onOpen(Number(b.dataset.n))
        }
        const gap = (e.target as HTMLElement).closest<HTMLElement>('.gap[data-text]')
        if (gap && onText) onText(gap.dataset.text ?? '')
      }}
      onKeyDown={() => {}}
      role="presentation"
      dangerouslySetInnerHTML={{ __html: doc.html }}
    />
  )
}
