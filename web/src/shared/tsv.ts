/** Cells copied from a spreadsheet: tabs between columns, line ends between rows. A cell with a line break, a tab or a quote comes in quotes. */
export function parseCells(text: string): string[][] {
  const rows: string[][] = [[]]
  const s = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let at = 0; ; ) {
    let cell: string
    const quoted = s[at] === '"' ? /^"((?:[^"]|"")*)"(?=\t|\n|$)/.exec(s.slice(at)) : null
    if (quoted) {
      cell = quoted[1]!.replace(/""/g, '"')
      at += quoted[0].length
    } else {
      const end = /[\t\n]/.exec(s.slice(at))
      cell = s.slice(at, end ? at + end.index : undefined)
      at += cell.length
    }
    rows.at(-1)!.push(cell)
    if (at >= s.length) return rows
    if (s[at++] === '\n') rows.push([])
  }
}
