import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { dropFile, dropFiles, keepFile, keptFiles } from './pending'

const file = (name: string) => new File(['x'], name, { type: 'image/jpeg' })

describe('files on the device', () => {
  it('come back until they have been sent, each to its own field', async () => {
    await keepFile('p.k.new|photos', 'a', file('a.jpg'))
    await keepFile('p.k.new|photos', 'b', file('b.jpg'))
    await keepFile('p.k.new|sheet', 'c', file('c.pdf'))
    await keepFile('p.k.new2|photos', 'd', file('d.jpg'))
    expect((await keptFiles('p.k.new|photos')).map(f => f.name)).toEqual(['a.jpg', 'b.jpg'])
    await dropFile('p.k.new|photos', 'a')
    expect((await keptFiles('p.k.new|photos')).map(f => f.name)).toEqual(['b.jpg'])
    await dropFiles('p.k.new')
    expect(await keptFiles('p.k.new|photos')).toEqual([])
    expect(await keptFiles('p.k.new|sheet')).toEqual([])
    expect(await keptFiles('p.k.new2|photos')).toHaveLength(1)
  })
})
