import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach, expect, vi } from 'vitest'

if (!globalThis.matchMedia)
  Object.assign(globalThis, {
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }),
  })
Element.prototype.scrollIntoView ??= () => {}
Object.assign(globalThis, {
  ResizeObserver: class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
})

// Parts warn about wrong use only here, never in the built page: a warning fails the test.
let warnings: string[] = []
beforeEach(() => {
  warnings = []
  for (const level of ['warn', 'error'] as const) {
    const original = console[level].bind(console)
    vi.spyOn(console, level).mockImplementation((...args: unknown[]) => {
      warnings.push(args.map(String).join(' '))
      original(...args)
    })
  }
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  expect(warnings).toEqual([])
})
