import { useState, type PointerEvent } from 'react'

/**
 * What a bar says, shown while a mouse is over it, and by a first touch: the second touch of the same bar then does what a
 * click does. The table beside a chart says the same to a keyboard.
 */
export function useTip(onPick?: (key: string) => void) {
  const [tip, set] = useState<string | null>(null)
  const handlers = (key: string) => {
    let touched = false
    return {
      onPointerEnter: (e: PointerEvent) => e.pointerType === 'mouse' && set(key),
      onPointerLeave: (e: PointerEvent) => e.pointerType === 'mouse' && set(null),
      onPointerDown: (e: PointerEvent) => {
        touched = e.pointerType !== 'mouse' && tip !== key
      },
      onClick: () => {
        if (touched) set(key)
        else onPick?.(key)
        touched = false
      },
    }
  }
  return { tip, handlers }
}

/** The words in a box above a point, inside the drawing; a picture that is saved leaves them out. */
export function Tip({ text, x, y, width }: { text: string; x: number; y: number; width: number }) {
  const wide = [...text].reduce((n, c) => n + (c.charCodeAt(0) > 255 ? 13 : 7), 0) + 16
  const left = Math.max(0, Math.min(x - wide / 2, width - wide))
  const top = Math.max(0, y - 30)
  return (
    <g data-screen pointerEvents="none" role="status">
      <rect x={left} y={top} width={wide} height="24" rx="4" fill="#1b2426" />
      <text x={left + wide / 2} y={top + 16} textAnchor="middle" fontSize="13" fill="#fff">
        {text}
      </text>
    </g>
  )
}
