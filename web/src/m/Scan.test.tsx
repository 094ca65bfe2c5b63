import { describe, expect, it } from 'vitest'
import { placeByCode } from './Scan'
import type { Pocket } from './store'

const place = (key: string, name: string, forms: string[], code = '', points: [string, string][] = []) =>
  ({ key, name, forms, code, points: points.map(([k, c]) => ({ key: k, name: k, type: 'dropoff-point', code: c })) }) as unknown as Pocket

describe('the place of a code', () => {
  const estate = place('unit:1', '墨庄小区', ['estate'], '', [['point:a', '340299-0012K'], ['point:b', '340299-0013M']])
  const station = place('point:c', '北区转运站', ['station'], '340299-0020P')
  const bare = place('point:a', '1 号点', [], '340299-0012K')
  const all = [bare, estate, station]
  it.each([
    ['https://fen.example.cn/p/340299-0012K', 'unit:1'],
    ['https://fen.example.cn/p/340299-0012K?from=label#x', 'unit:1'],
    [' 340299-0013M ', 'unit:1'],
    ['/p/340299-0020P', 'point:c'],
    ['墨庄小区', 'unit:1'],
    ['https://elsewhere.cn/', undefined],
    ['', undefined],
    ['https://elsewhere.cn/%zz', undefined],
    ['340299-9999X', undefined],
  ])('%s', (text, want) => {
    expect(placeByCode(text, all)?.key).toBe(want)
  })
})
