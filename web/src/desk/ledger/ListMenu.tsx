import type { ReactNode } from 'react'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'

/** A menu over the list, with its word and an arrow. */
export function ListMenu({ word, right = false, children }: { word: string; right?: boolean; children: (close: () => void) => ReactNode }) {
  return (
    <Pop
      menu
      right={right}
      className="btn no-phone"
      popClass="pop views"
      button={
        <>
          {word}
          <Icon name="down" />
        </>
      }
    >
      {children}
    </Pop>
  )
}
