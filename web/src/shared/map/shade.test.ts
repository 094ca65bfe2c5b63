import { describe, expect, it } from 'vitest'
import { SHADES, inkOn, middle, ranges, shadeOf } from './shade'

const light = (hex: string) => {
  const [r, g, b] = [1, 3, 5].map(i => Number.parseInt(hex.slice(i, i + 2), 16) / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)

describe('shades of a map', () => {
  it('get darker step by step, also in grey, and their numbers can be read', () => {
    for (let i = 1; i < SHADES.length; i++) expect(light(SHADES[i]!) / light(SHADES[i - 1]!)).toBeLessThan(0.8)
    SHADES.forEach((s, i) => expect(contrast(s, inkOn(i))).toBeGreaterThan(4.5))
  })
  it('spread from the smallest to the largest', () => {
    expect([0, 19, 20, 59, 80, 100].map(v => shadeOf(v, 0, 100))).toEqual([0, 0, 1, 2, 4, 4])
    expect(shadeOf(7, 7, 7)).toBe(2)
  })
  it('the legend says what there is', () => {
    expect(ranges([0, 5, 100])).toEqual([
      { shade: 0, least: 0, most: 5 },
      { shade: 4, least: 100, most: 100 },
    ])
    expect(ranges([])).toEqual([])
  })
  it('a name stands in the middle of its largest ring', () => {
    const square = (x: number, s: number): [number, number][] => [
      [x, 0],
      [x + s, 0],
      [x + s, s],
      [x, s],
      [x, 0],
    ]
    expect(middle([square(0, 1), square(1_183_600_000, 10)])).toEqual([1_183_600_005, 5])
    expect(middle([])).toEqual([0, 0])
  })
})
