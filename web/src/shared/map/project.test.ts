import { describe, expect, it } from 'vitest'
import { fit, project } from './project'

describe('the map', () => {
  const square: [number, number][] = [
    [1183600000, 313000000],
    [1185100000, 314100000],
  ]
  it('shows every point inside its window', () => {
    const v = fit(square, 800, 500)
    for (const [x, y] of square) {
      const [px, py] = project(v, x, y, 800, 500)
      expect(px).toBeGreaterThanOrEqual(0)
      expect(px).toBeLessThanOrEqual(800)
      expect(py).toBeGreaterThanOrEqual(0)
      expect(py).toBeLessThanOrEqual(500)
    }
  })
  it('has north above south and east right of west', () => {
    const v = fit(square, 800, 500)
    const a = project(v, ...square[0]!, 800, 500)
    const b = project(v, ...square[1]!, 800, 500)
    expect(b[0]).toBeGreaterThan(a[0])
    expect(b[1]).toBeLessThan(a[1])
  })
})
