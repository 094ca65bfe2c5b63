import { describe, expect, it } from 'vitest'
import {
  addDays,
  daysBetween,
  fixed,
  int,
  isDay,
  isPeriod,
  longDay,
  longTime,
  parseFixed,
  typedCount,
  typeFits,
  unitWord,
  periodName,
  periodSpan,
  place,
  plain,
  previousYear,
  shortDay,
  shortTime,
  signed,
  tableTime,
} from './format'
import { sha256, sha256Sync } from './sha256'
import { uuid } from './uuid'

describe('numbers', () => {
  it('writes integers at a fixed scale, with a true minus', () => {
    expect(fixed(68412)).toBe('68,412')
    expect(fixed(123450, 2)).toBe('1,234.50')
    expect(fixed(-126)).toBe('−126')
    expect(signed(42)).toBe('+42')
    expect(signed(-1)).toBe('−1')
    expect(int(0)).toBe('0')
  })
  it.each([
    ['92', 0, 92],
    ['1,200', 0, 1200],
    ['\uff19\uff12', 0, 92],
    ['12.5', 1, 125],
    ['12.50', 2, 1250],
    ['0.001', 3, 1],
    ['-3', 0, -3],
    ['1.25', 1, null],
    ['12a', 0, null],
    ['1,234,567.5', 1, 12345675],
    ['1，200', 0, 1200],
    ['12 300', 0, 12300],
    ['\u3000８ ', 0, 8],
    ['1,23', 0, null],
    ['1,2345', 0, null],
    ['12 30', 0, null],
    ['3，5', 2, null],
    ['1234,567', 0, null],
    ['1,234 567', 0, null],
    ['5  600', 0, null],
    ['- 3', 0, null],
    ['1.2,3', 2, null],
    [',5', 0, null],
    ['', 0, null],
    ['99999999999999999999', 0, null],
  ])('reads %s at %d', (text, decimals, want) => expect(parseFixed(text, decimals)).toBe(want))
  it('takes a count or leaves what was', () => {
    expect(['12', '', '1.5', '3-4', '-3', '1,200'].map(t => typedCount(t, 7))).toEqual([12, 0, 7, 7, 7, 1200])
  })
  it('edits without grouping and comes back', () => {
    for (const [v, d] of [
      [123450, 2],
      [1, 3],
      [-5, 0],
      [1000, 3],
    ] as const)
      expect(parseFixed(plain(v, d), d)).toBe(v)
    expect(plain(1200, 2)).toBe('12')
    expect(plain(100, 0)).toBe('100')
  })
})

describe('days and periods', () => {
  it('speaks both languages', () => {
    expect(longDay('2020-08-02', 'en')).toBe('2 Aug 2020')
    expect(longDay('2020-08-02', 'zh')).toBe('2020\u5e748\u67082\u65e5')
    expect(periodName('2020', 'en')).toBe('2020')
    expect(periodName('2020-03', 'en')).toBe('Mar 2020')
    expect(periodName('2020-Q2', 'en')).toBe('Q2 2020')
    expect(periodName('2020-03-01..2020-04-15', 'en')).toBe('1 Mar 2020 – 14 Apr 2020')
  })
  it('counts in Shanghai time', () => {
    expect(tableTime(Date.UTC(2020, 11, 30, 16, 5))).toBe('2020-12-31 00:05')
    expect(longTime(Date.UTC(2020, 11, 31, 1), 'en')).toBe('31 Dec 2020 09:00')
    expect(shortTime(Date.UTC(2020, 11, 30, 16, 5), '2020-12-31')).toBe('12-31 00:05')
    expect(shortDay('2019-12-31', '2020-12-31')).toBe('2019-12-31')
  })
  it('knows the edges', () => {
    expect(addDays('2020-02-28', 1)).toBe('2020-02-29')
    expect(daysBetween('2020-12-31', '2021-01-06')).toBe(6)
    expect(periodSpan('2020')).toEqual(['2020-01-01', '2021-01-01'])
    expect(periodSpan('2020-12')).toEqual(['2020-12-01', '2021-01-01'])
    expect(periodSpan('2020-Q4')).toEqual(['2020-10-01', '2021-01-01'])
    expect(previousYear('2020-Q4')).toBe('2019-Q4')
    expect(['2020', '2020-03', '2020-Q2', '2020-03-01..2020-04-15'].every(isPeriod)).toBe(true)
    expect(['20', '2020-13', '2020-Q5', '2020-03-01', ''].some(isPeriod)).toBe(false)
    expect(isDay('2020-02-30')).toBe(false)
    expect(isDay('2020-2-3')).toBe(false)
  })
  it('sets paths apart', () => expect(place({ name: 'c', short: 'a/b' })).toBe('a / b'))
})

describe('digests and ids', () => {
  const bytes = (s: string) => new TextEncoder().encode(s)
  const hex = (b: Uint8Array) => [...b].map(x => x.toString(16).padStart(2, '0')).join('')
  it('agrees with known digests, with and without the browser', async () => {
    expect(hex(sha256Sync(bytes('')))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hex(sha256Sync(bytes('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    for (const n of [55, 56, 63, 64, 65, 119, 120, 1000]) {
      const data = bytes('x'.repeat(n))
      expect(await sha256(data.buffer as ArrayBuffer)).toBe(hex(sha256Sync(data)))
    }
  })
  it('makes ids that sort by time', () => {
    const a = uuid(1_600_000_000_000),
      b = uuid(1_600_000_000_001)
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(a < b).toBe(true)
  })
})

it('a zone stands where a rule says street, and one thing is singular in English', () => {
  expect(typeFits(['street'], 'zone')).toBe(true)
  expect(typeFits(['estate'], 'zone')).toBe(false)
  expect(typeFits([], 'estate')).toBe(true)
  expect(unitWord('batches', '1', 'en')).toBe('batch')
  expect(unitWord('people', '1', 'en')).toBe('person')
  expect(unitWord('bases', '1', 'en')).toBe('base')
  expect(unitWord('bases', '2', 'en')).toBe('bases')
  expect(unitWord('个', '1', 'zh')).toBe('个')
})
