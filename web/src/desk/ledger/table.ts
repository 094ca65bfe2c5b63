import type { ClipboardEvent } from 'react'

/** A column of the table, as a workbook of the kind has it. */
export type Column = { key: string; names: string[]; title: string; required: boolean; options: { value: string; label: string }[] | null; number: boolean; date: boolean }

export type Cells = {
  columns: Column[]
  rows: string[][]
  /** What is wrong, by "row column". */
  faults: Map<string, string>
  put: (cells: [number, number, string][]) => void
  paste: (e: ClipboardEvent<HTMLElement>, i: number, j: number) => void
  defaultUnit: string
}

/** Whether anything but the unit was filled in. */
export const isFilled = (r: string[]) => r.some((c, j) => j > 0 && c.trim() !== '')
