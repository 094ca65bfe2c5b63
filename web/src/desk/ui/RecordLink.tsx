import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

type Props = { keeper: string; id: string; link: string; className?: string; children: ReactNode }

/** The way to a record behind a figure, whoever keeps it: to its own page where it has one, else to where it stands in a list. */
export function RecordLink({ keeper, id, link, className, children }: Props) {
  if (keeper === 'place' || keeper === 'ledger')
    return (
      <Link className={className} to={keeper === 'place' ? '/points/$id' : '/entry/$id'} params={{ id }} search={{}}>
        {children}
      </Link>
    )
  return (
    <a className={className} href={link}>
      {children}
    </a>
  )
}
