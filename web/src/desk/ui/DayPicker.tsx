import { parseDate, type CalendarDate } from '@internationalized/date'
import { useContext, type ClipboardEvent } from 'react'
import { Button } from 'react-aria-components/Button'
import { Calendar, CalendarCell, CalendarGrid } from 'react-aria-components/Calendar'
import { DateInput, DateSegment } from 'react-aria-components/DateField'
import { DatePicker } from 'react-aria-components/DatePicker'
import { Group } from 'react-aria-components/Group'
import { Heading } from 'react-aria-components/Heading'
import { Popover } from 'react-aria-components/Popover'
import { writtenDay } from '../../shared/days'
import { useI18n } from '../../shared/i18n'
import type { DayInputProps } from './DayInput'
import { Icon } from './Icon'
import { toast } from './Toast'
import { MeContext } from './hooks'

const day = (text: string | undefined): CalendarDate | undefined => (text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseDate(text) : undefined)

export default function DayPicker({ id, value, onChange, invalid, describedby, min, max, label, disabled }: DayInputProps) {
  const { m } = useI18n()
  // The business day, not the machine's: a demonstration stands still.
  const today = day(useContext(MeContext)?.today)
  const [first, last] = [day(min), day(max)]
  // a day copied from a sheet or a message is one day, not digits for the part that has the focus
  const paste = (e: ClipboardEvent) => {
    e.preventDefault()
    const text = e.clipboardData.getData('text/plain')
    const pasted = writtenDay(text)
    if (pasted) onChange(pasted)
    else toast.bad(m.common.noDay({ t: text.trim().slice(0, 40) }))
  }
  return (
    <DatePicker
      {...(id ? { id } : {})}
      aria-label={label ?? m.common.day}
      {...(describedby ? { 'aria-describedby': describedby } : {})}
      value={day(value) ?? null}
      onChange={d => onChange(d ? d.toString() : '')}
      {...(first ? { minValue: first } : {})}
      {...(last ? { maxValue: last } : {})}
      {...(today ? { placeholderValue: today } : {})}
      isInvalid={invalid ?? false}
      isDisabled={disabled ?? false}
      shouldForceLeadingZeros
      className="day"
    >
      <Group className={invalid ? 'input bad' : 'input'}>
        <span className="day-whole" onPaste={paste}>
          <DateInput className="day-parts">{segment => <DateSegment segment={segment} className="day-part" />}</DateInput>
        </span>
        <Button className="day-open">
          <Icon name="calendar" />
        </Button>
      </Group>
      <Popover className="pop day-pop" placement="bottom start" offset={4}>
        <Calendar>
          <header>
            <Button slot="previous" className="btn icon slim">
              <Icon name="left" />
            </Button>
            <Heading level={3} />
            <Button slot="next" className="btn icon slim">
              <Icon name="right" />
            </Button>
          </header>
          <CalendarGrid>{date => <CalendarCell date={date} className={today && date.compare(today) === 0 ? 'day-cell now' : 'day-cell'} />}</CalendarGrid>
        </Calendar>
      </Popover>
    </DatePicker>
  )
}
