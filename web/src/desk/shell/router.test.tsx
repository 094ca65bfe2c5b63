import { Link } from '@tanstack/react-router'
import { expect, it } from 'vitest'
import { manifests } from '../manifests'
import { ENTRIES } from '../ui/manifest'
import { eventsOf, staleOf } from '../ui/news'
import type { Manifest } from '../ui/manifest'
import { page, reads, text, whole } from '../ui/page'
import type { Me } from '../../api/answers'
import { menuOf } from './nav'

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
  expect(eventsOf(manifests).sort()).toEqual(['award', 'campaign', 'case', 'checklist', 'document', 'entry', 'figure', 'meeting', 'notice', 'place', 'plan', 'score', 'special', 'visit'])
  expect(staleOf(manifests, 'figure').sort()).toEqual(['bench', 'differences', 'document', 'documents', 'entries', 'figure', 'impact', 'plan', 'source', 'summary'])
  expect(staleOf(manifests, 'nothing')).toEqual([])
})

it('a newcomer’s manifest puts it into the navigation, for those who may, and moves nobody', () => {
  const wishes = {
    name: 'wish',
    pages: [page('/wishes', () => Promise.resolve({ default: () => null }))],
    nav: [{ entry: 'data', to: '/wishes', title: { zh: '心愿', en: 'Wishes' }, icon: 'pin', verbs: ['wish.make'], order: 99 }],
    stale: { wish: ['wishes'] },
    records: { keeper: 'wish', open: id => ({ to: `/wishes/${id}` }) },
  } as const satisfies Manifest
  const list = [...manifests, wishes]
  const me = (...verbs: string[]) => ({ verbs, home: 'bench', counts: {} }) as unknown as Me
  const titles = (m: ReturnType<typeof menuOf>) => m.more.flatMap(c => c.items.map(n => n.title.zh))
  const before = menuOf(me('figure.read', 'place.read'), [], '/figures')
  const without = menuOf(me('figure.read', 'place.read'), [], '/figures', list)
  const within = menuOf(me('figure.read', 'place.read', 'wish.make'), [], '/wishes', list)
  expect(titles(without)).toEqual(titles(before))
  expect(titles(within)).toEqual([...titles(before), '心愿'])
  expect(within.here?.to).toBe('/wishes')
  expect(within.beside.map(n => n.to)).toContain('/wishes')
  expect(within.main.map(n => n.to)).toEqual(before.main.map(n => n.to))
  expect(staleOf(list, 'wish')).toEqual(['wishes'])
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
