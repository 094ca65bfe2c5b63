import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signature } from './export'

describe('the signature of an export', () => {
  it.each([
    ['', ''],
    ['k', '一二三'],
    ['0'.repeat(64), JSON.stringify({ id: 'x', op: { v: 1 } })],
    ['长'.repeat(80), 'x'.repeat(1000)],
  ])('is the HMAC that the district computes (%#)', (key, text) => {
    expect(signature(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
  })
})
