import { expect, it } from 'vitest'
import { readSearch } from './router'

it('keeps only what it understands of a URL', () => {
  expect(readSearch({ unit: '12', period: '2020-Q3', page: '0', q: '', state: 'draft', junk: 'x' })).toEqual({
    unit: 12,
    period: '2020-Q3',
    state: 'draft',
  })
  expect(readSearch({ unit: 'x', period: 'y' })).toEqual({})
})
