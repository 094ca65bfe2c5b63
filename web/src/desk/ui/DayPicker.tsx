import { ConfigProvider, DatePicker } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useI18n } from '../../shared/i18n'
import { useContext } from 'react'
import { theme } from '../theme/theme'
import { MeContext } from './hooks'
import type { DayInputProps } from './DayInput'

export default function DayPicker({ id, value, onChange, invalid, describedby, min, max, label, disabled }: DayInputProps) {
  const { lang, m } = useI18n()
  // The business day, not the machine's: a demonstration stands still.
  const today = useContext(MeContext)?.today
  dayjs.locale(lang === 'en' ? 'en' : 'zh-cn')
  return (
    <ConfigProvider locale={lang === 'en' ? enUS : zhCN} theme={theme} button={{ autoInsertSpace: false }}>
      <DatePicker
        {...(id ? { id } : {})}
        style={{ width: '100%' }}
        value={value ? dayjs(value) : null}
        placeholder={m.common.choose}
        aria-label={label}
        aria-describedby={describedby}
        aria-invalid={invalid || undefined}
        {...(invalid ? { status: 'error' as const } : {})}
        disabled={disabled ?? false}
        showNow={false}
        {...(today ? { defaultPickerValue: dayjs(today) } : {})}
        {...(min ? { minDate: dayjs(min) } : {})}
        {...(max ? { maxDate: dayjs(max) } : {})}
        onChange={d => onChange(d ? d.format('YYYY-MM-DD') : '')}
      />
    </ConfigProvider>
  )
}
