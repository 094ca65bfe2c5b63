import type { zh } from './texts.zh'

export const en: typeof zh = {
  assign: {
    title: 'Which column is which',
    hint: p => `The titles are in row ${p.row}. What was recognised is set; choose the rest. A column the file lacks can be given one text for every row. The next file with the same titles is set the same way.`,
    before: p => `The titles in row ${p.row} are those of an earlier file: everything is set as it was then. See whether what stands in every row still holds, and read it.`,
    needed: 'This column is needed: choose a column of the file, or one text for every row',
    not: 'Not filled in',
    every: 'The same in every row…',
    text: p => `${p.f} of every row`,
    column: p => `${p.letter}  ${p.title}`,
    samples: p => `e.g. ${p.list}`,
    extra: p => `${p.n} more that can be filled in`,
    unreadShort: 'not read',
    unread: 'These columns of the file are not read: ',
    read: 'Read it so',
    head: p => `titles in row ${p.row}`,
    done: 'columns read as assigned',
    change: 'Change',
  },
}
