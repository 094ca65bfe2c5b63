import type { ReactNode } from 'react'
import { GoTo } from './GoTo'
import { useRecords } from './manifest'

type Props = { keeper: string; id: string; link: string; className?: string; children: ReactNode }

/** The way to a record behind a figure, whoever keeps it: to its own page where its keeper has one, else to where it stands in a list. */
export function RecordLink({ keeper, id, link, className, children }: Props) {
  const records = useRecords(keeper)
  if (records)
    return (
      <GoTo to={records.open(id)} {...(className ? { className } : {})}>
        {children}
      </GoTo>
    )
  return (
    <a className={className} href={link}>
      {children}
    </a>
  )
}
