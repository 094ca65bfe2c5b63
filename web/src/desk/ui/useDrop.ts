import { useState, type DragEvent } from 'react'

/** Files dropped on an element, and whether some hang over it. An extra for the mouse: what is inside does the same from the keyboard. */
export function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false)
  const drop = {
    onDragOver: (e: DragEvent) => {
      e.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: DragEvent) => {
      e.preventDefault()
      setOver(false)
      take([...e.dataTransfer.files])
    },
  }
  return { over, drop }
}
