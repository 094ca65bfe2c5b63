import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import type { Me } from '../../api/answers'
import { Combo } from './Combo'
import DayPicker from './DayPicker'
import { Dialog, FormDialog } from './Dialog'
import { parseFigureId, figureId } from './Figure'
import { shortDigest } from './FigurePanel'
import { degrees } from './Photos'
import { EntryStatus, WaitMark } from './StatusMark'
import { MeContext } from './hooks'

describe('Combo', () => {
  const options = [
    { value: '1', label: 'east / one', search: 'dong' },
    { value: '2', label: 'east / two' },
    { value: '3', label: 'west / one' },
  ]
  it('finds by words in any order and takes the marked row', async () => {
    const change = vi.fn()
    render(<Combo label="Unit" value={undefined} options={options} onChange={change} />)
    await userEvent.click(screen.getByRole('combobox', { name: /Unit/ }))
    await userEvent.type(screen.getByRole('searchbox'), 'one west')
    expect(screen.getAllByRole('option')).toHaveLength(1)
    await userEvent.keyboard('{Enter}')
    expect(change).toHaveBeenCalledWith('3')
    expect(screen.queryByRole('listbox')).toBeNull()
  })
  it('does not choose while a word is being composed', async () => {
    const change = vi.fn()
    render(<Combo label="Unit" value="1" options={options} onChange={change} />)
    await userEvent.click(screen.getByRole('combobox', { name: /Unit/ }))
    const input = screen.getByRole('searchbox')
    fireEvent.compositionStart(input)
    fireEvent.keyDown(input, { key: 'Enter' })
    expect(change).not.toHaveBeenCalled()
  })
  it('gives the focus back on Escape', async () => {
    render(<Combo label="Unit" value="1" options={options} onChange={() => {}} />)
    const button = screen.getByRole('combobox', { name: /Unit/ })
    await userEvent.click(button)
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(button).toHaveFocus())
    expect(screen.queryByRole('listbox')).toBeNull()
  })
})

describe('Dialog', () => {
  it('closes on Escape and returns focus', async () => {
    const close = vi.fn()
    render(<button type="button">before</button>)
    screen.getByText('before').focus()
    const { unmount } = render(
      <Dialog title="Sure?" onClose={close} onSubmit={() => {}}>
        text
      </Dialog>,
    )
    expect(screen.getByRole('dialog', { name: 'Sure?' })).toBeInTheDocument()
    await userEvent.keyboard('{Escape}')
    expect(close).toHaveBeenCalled()
    act(() => unmount())
    await waitFor(() => expect(screen.getByText('before')).toHaveFocus())
  })
  it('sends a complete form, says what went wrong, and tries again as another operation', async () => {
    const ops: string[] = []
    let complete = false
    const send = async (op: string) => {
      ops.push(op)
      if (ops.length === 1) throw new Error('refused')
    }
    render(
      <FormDialog title="Send" onClose={() => {}} check={() => complete} onSubmit={send}>
        text
      </FormDialog>,
    )
    const button = screen.getByRole('button', { name: 'Send' })
    await userEvent.click(button)
    expect(ops).toEqual([])
    complete = true
    await userEvent.click(button)
    expect(await screen.findByRole('alert')).toHaveTextContent('refused')
    await userEvent.click(button)
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    expect(new Set(ops).size).toBe(2)
    expect(button).toBeEnabled()
  })
})

describe('marks and addresses', () => {
  it('says every state in words', () => {
    render(
      <>
        <EntryStatus state="returned" />
        <WaitMark late={2} waiting={5} />
      </>,
    )
    expect(screen.getByText('已退回')).toBeInTheDocument()
    expect(screen.getByText('逾期 2 天')).toBeInTheDocument()
  })
  it('reads a figure’s address', () => {
    expect(parseFigureId(figureId('publicity.sessions', 1, '2020-03-01..2020-04-15'))).toEqual({
      key: 'publicity.sessions',
      unit: 1,
      period: '2020-03-01..2020-04-15',
    })
    expect(parseFigureId('x')).toBeNull()
    expect(shortDigest('7f3a91c2aa')).toBe('7F3A 91C2')
    expect(degrees(302741234)).toBeCloseTo(30.2741234)
    expect(degrees(30.27)).toBe(30.27)
  })
  it('takes a day by its parts and from the calendar, around the business day', async () => {
    const change = vi.fn()
    render(
      <MeContext.Provider value={{ today: '2020-12-31' } as Me}>
        <DayPicker value="2020-12-25" onChange={change} label="Day" />
      </MeContext.Provider>,
    )
    const parts = screen.getAllByRole('spinbutton')
    expect(parts.map(p => p.getAttribute('aria-valuenow')).sort()).toEqual(['12', '2020', '25'])
    await userEvent.click(parts.find(p => p.getAttribute('aria-valuenow') === '25')!)
    await userEvent.keyboard('{ArrowUp}')
    expect(change).toHaveBeenLastCalledWith('2020-12-26')
    await userEvent.click(screen.getByRole('button'))
    await userEvent.click(await screen.findByRole('button', { name: /31/ }))
    expect(change).toHaveBeenLastCalledWith('2020-12-31')
  })
})
