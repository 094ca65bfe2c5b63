import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { Columns } from './bars'

const columns = [
  { key: '2020-01', label: '1', value: 3, text: '3' },
  { key: '2020-02', label: '2', value: 5, text: '5' },
]
function bar(onPick: (key: string) => void) {
  const { container } = render(<Columns width={400} columns={columns} sentence="months" axis={String} onPick={onPick} pickLabel={c => `month ${c.label}: ${c.text}`} />)
  return [...container.querySelectorAll('rect[data-screen]')].map(r => r.parentElement!)
}
// jsdom knows no pointer type: it is put onto the event.
const press = (on: Element, type: string) => {
  for (const name of ['pointerdown', 'click']) {
    const e = new MouseEvent(name, { bubbles: true })
    Object.assign(e, { pointerType: type })
    fireEvent(on, e)
  }
}

it('a first touch says what the bar says, the second follows it', () => {
  const pick = vi.fn()
  const [, second] = bar(pick)
  press(second!, 'touch')
  expect(screen.getByText('month 2: 5')).toBeInTheDocument()
  expect(pick).not.toHaveBeenCalled()
  press(second!, 'touch')
  expect(pick).toHaveBeenCalledWith('2020-02')
})

it('a click of a mouse follows at once', () => {
  const pick = vi.fn()
  const [first] = bar(pick)
  press(first!, 'mouse')
  expect(pick).toHaveBeenCalledWith('2020-01')
})
