import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'

/** A list of thousands: only what can be seen is drawn. The row at is kept in view. */
export function LongList<T extends { id: string }>({ items, size, at, label, className, row }: { items: T[]; size: number; at?: string | undefined; label: string; className: string; row: (item: T) => ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- the list is drawn anew on each scroll anyway
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    getItemKey: i => items[i]!.id,
    overscan: 10,
    initialRect: { width: 300, height: 600 },
  })
  const index = at ? items.findIndex(x => x.id === at) : -1
  useEffect(() => {
    if (index >= 0) list.scrollToIndex(index, { align: 'auto' })
  }, [index, list])
  return (
    <div className={className} ref={box}>
      <ul aria-label={label} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(v => {
          const item = items[v.index]!
          return (
            <li
              key={v.key}
              ref={list.measureElement}
              data-index={v.index}
              data-row={item.id}
              aria-setsize={items.length}
              aria-posinset={v.index + 1}
              aria-current={item.id === at ? 'true' : undefined}
              style={{ transform: `translateY(${v.start}px)` }}
            >
              {row(item)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
