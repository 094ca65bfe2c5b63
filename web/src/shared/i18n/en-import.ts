import type { zhImport } from './zh-import'

const n = (x: number) => x.toLocaleString('en-GB')
const rows = (x: number) => (x === 1 ? '1 row' : `${n(x)} rows`)
const records = (x: number) => (x === 1 ? '1 record' : `${n(x)} records`)

export const enImport: typeof zhImport = {
  batch: {
    recent: 'Recent imports',
    state: { reading: 'Reading', open: 'To be checked', keeping: 'Importing', kept: 'Imported', undone: 'Undone' },
    reading: p => `Reading and checking, ${rows(p.n)} so far`,
    keeping: p => `Importing ${rows(p.n)}`,
    leave: 'You may leave this page; when it is done you find it under “Recent imports”.',
    tabs: { bad: 'Wrong', good: 'Good', same: 'Kept already', kept: 'Imported', '': 'All' },
    line: 'Row',
    fixHint: 'Click a cell to mend it in place and press Enter to check it; mend every row, or import the good ones.',
    use: p => `Change to “${p.s}”`,
    useAll: p => `Change all ${n(p.n)} that say this`,
    cell: p => `Row ${p.row}, ${p.column}`,
    mended: p => `${rows(p.n)} changed`,
    keepAll: p => `Import ${rows(p.n)}`,
    keepClean: p => (p.n === 1 ? 'Import the good row only' : `Import the ${n(p.n)} good rows only`),
    rejected: 'Download the wrong rows',
    drop: 'Discard',
    dropped: 'Discarded; no record was written',
    undo: 'Undo this import',
    undoTitle: 'Undo this import?',
    undoBody: p => `The ${records(p.n)} of this import are taken back together, as if it had never been. If someone has decided on one of them or changed it, this is refused.`,
    undone: 'Undone; the records of this import were taken back',
    keptTitle: p => `${records(p.n)} imported and submitted`,
    keptRest: p => `${rows(p.n)} are still wrong; go on mending, or download them and hand them in later.`,
    file: 'The file as a whole cannot be read; mend it and choose it again',
    new: 'Import another',
    none: 'No rows here',
    back: 'Import',
    more: 'Next rows',
    less: 'Previous rows',
    rows: p => `Rows ${n(p.from)}–${n(p.to)} of ${n(p.all)}`,
    records: p => records(p.n),
    badRows: p => `${rows(p.n)} wrong`,
  },
}
