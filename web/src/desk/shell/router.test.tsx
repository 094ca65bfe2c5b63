import { Link } from '@tanstack/react-router'
import { expect, it } from 'vitest'
import { manifests } from '../manifests'
import { ENTRIES } from '../ui/manifest'
import { eventsOf, staleOf } from '../ui/news'
import { reads, text, whole } from '../ui/page'

const pathOf = (p: { options: object }) => (p.options as { path: string }).path

it('keeps only what it understands of an address', () => {
  const read = reads({ n: whole, q: text, page: whole })
  expect(read({ n: '12', q: 'draft', page: '0', junk: 'x' })).toEqual({ n: 12, q: 'draft', page: undefined })
  expect(read({ n: 'x', q: '' })).toEqual({ n: undefined, q: undefined })
})

it('no two capabilities claim an address, a place in the header or a keeper', () => {
  const unique = (list: string[]) => expect(list.filter((x, i) => list.indexOf(x) !== i)).toEqual([])
  unique(manifests.map(m => m.name))
  unique(manifests.flatMap(m => m.pages.map(p => pathOf(p))))
  unique(manifests.flatMap(m => ('records' in m ? [m.records.keeper] : [])))
  unique(manifests.flatMap(m => ('nav' in m ? m.nav.map(n => `${n.entry} ${n.order}`) : [])))
})

it('every place in the navigation is a page, under an entry that exists', () => {
  const paths = new Set(manifests.flatMap(m => m.pages.map(p => pathOf(p))))
  for (const m of manifests) for (const n of 'nav' in m ? m.nav : []) {
    expect(paths, n.to).toContain(n.to)
    expect([...ENTRIES, 'data', 'rules', 'admin']).toContain(n.entry)
  }
})

it('a piece of news reaches every capability that shows what changed', () => {
  expect(eventsOf(manifests).sort()).toEqual(['document', 'entry', 'figure', 'notice', 'place', 'plan'])
  expect(staleOf(manifests, 'figure').sort()).toEqual(['bench', 'differences', 'document', 'documents', 'entries', 'figure', 'impact', 'plan', 'source', 'summary'])
  expect(staleOf(manifests, 'nothing')).toEqual([])
})

// Never drawn: tsc proves that the pages of manifests keep links typed. An expected error that does not come fails the build.
export const links = [
  <Link key="1" to="/ledger/$kind" params={{ kind: 'x' }} search={{ counts_in: 'y', page: 2 }} />,
  // @ts-expect-error no capability has this page
  <Link key="2" to="/nowhere" />,
  // @ts-expect-error a page that needs a record
  <Link key="3" to="/entry/$id" />,
  // @ts-expect-error the page of the list takes a number here
  <Link key="4" to="/ledger/$kind" params={{ kind: 'x' }} search={{ page: 'two' }} />,
]
