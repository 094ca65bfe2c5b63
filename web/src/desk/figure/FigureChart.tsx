import type { ComponentProps } from 'react'
import { ChartFrame } from '../../shared/chart/frame'
import { periodName } from '../../shared/format'
import type { FigurePage } from './types'
import { useI18n } from './texts'

type Frame = ComponentProps<typeof ChartFrame>
type Props = Omit<Frame, 'words' | 'name' | 'xlsx' | 'csv'> & {
  page: FigurePage
  /** What further the name of a downloaded file says. */
  more?: string
  words?: Partial<Frame['words']>
  /** Where the numbers can be had as a file. */
  file: (format: string) => string
}

/** A chart of a figure's page: taken away, it bears the figure's, the unit's and the period's name. */
export function FigureChart({ page: p, more, words, file, ...rest }: Props) {
  const { m, l, lang } = useI18n()
  const name = [l(p.title), p.unit.name, periodName(p.period, lang), more].filter(Boolean).join(' ')
  return <ChartFrame {...rest} words={{ ...m.figures.chart, ...words }} name={name} xlsx={file('xlsx')} csv={file('csv')} />
}
