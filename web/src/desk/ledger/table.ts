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

export const blank = (width: number) => Array.from({ length: width }, () => '')
export const blankRows = (width: number) => Array.from({ length: 8 }, () => blank(width))

/** The rows kept on the device under a name; null where none is filled in. */
export function keptRows(place: string, width: number): string[][] | null {
  try {
    const rows = JSON.parse(localStorage.getItem(place) ?? 'null') as string[][] | null
    if (Array.isArray(rows) && rows.every(r => Array.isArray(r) && r.length === width) && rows.some(isFilled)) return rows
  } catch {
    // nothing was kept
  }
  return null
}

export function keepRows(place: string, rows: string[][]) {
  try {
    if (rows.some(isFilled)) localStorage.setItem(place, JSON.stringify(rows))
    else localStorage.removeItem(place)
  } catch {
    // storage full or refused: the table itself still holds everything
  }
}
