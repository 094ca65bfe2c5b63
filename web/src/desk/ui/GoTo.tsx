import { Link } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import type { Target } from './manifest'

/** A link to what a manifest names: its address was checked where the page was declared. */
export function GoTo({ to, className, children }: { to: Target; className?: string; children: ReactNode }) {
  const link = { to: to.to, params: to.params ?? {}, search: to.search ?? {} } as unknown as ComponentProps<typeof Link>
  return (
    <Link {...link} {...(className ? { className } : {})}>
      {children}
    </Link>
  )
}
