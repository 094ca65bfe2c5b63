import type { zh } from './texts.zh'

export const en: typeof zh = {
  bench: {
    title: 'Workbench',
    todo: 'For me to do',
    nothing: 'Nothing to do',
    nothingHint: 'What you must enter, correct or verify will appear here.',
    filter: 'Filter by task',
  },
}
