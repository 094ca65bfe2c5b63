import { createRootRoute, createRoute, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isPeriod } from '../../shared/format'

/** What a search parameter means, or that it means nothing. */
type Reader<T> = (x: unknown) => T | undefined
export const text: Reader<string> = x => (typeof x === 'string' && x ? x : typeof x === 'number' ? String(x) : undefined)
export const whole: Reader<number> = x => (x !== undefined && x !== '' && Number.isInteger(Number(x)) && Number(x) > 0 ? Number(x) : undefined)
const span: Reader<string> = x => {
  const period = text(x)
  return period && isPeriod(period) ? period : undefined
}

type Readers = { [name: string]: Reader<string | number> }
type Read<R extends Readers> = { [K in keyof R]?: NonNullable<ReturnType<R[K]>> | undefined }
/** Takes from an address what it understands; a parameter with a value that means nothing is as good as absent. */
export const reads =
  <R extends Readers>(readers: R) =>
  (given: Record<string, unknown>): Read<R> => {
    const out: Record<string, unknown> = {}
    for (const [name, read] of Object.entries(readers)) if (name in given) out[name] = read(given[name])
    return out as Read<R>
  }

/** Unit and period ride along on every link; a figure can be opened anywhere. */
const everywhere = { unit: whole, period: span, fig: text }

// The address is the state: whatever a person sees can be bookmarked, sent and printed.
export const root = createRootRoute({ validateSearch: reads(everywhere), search: { middlewares: [retainSearchParams(['unit', 'period'])] } })

/** A page of a capability: its address, its code, which is loaded when it is opened, and the search parameters it has itself. */
export const page = <P extends string, R extends Readers = Record<never, never>>(path: P, load: () => Promise<{ default: () => ReactNode }>, readers?: R) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'default'), validateSearch: reads((readers ?? {}) as R) })
