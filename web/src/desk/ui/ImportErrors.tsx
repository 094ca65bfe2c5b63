import type { Answer } from '../../api/client'
import { useI18n } from '../../shared/i18n'
import { Table } from './Table'

/** Every bad cell: where, what, and the likely cure. */
export function ImportErrors({ errors }: { errors: Answer<'/units/import', 'post'>['errors'] }) {
  const { m } = useI18n()
  return (
    <div style={{ overflowX: 'auto' }}>
      <Table
        className="table gap-2"
        rows={errors.slice(0, 500)}
        id={(_, i) => i}
        columns={[
          { title: m.imports.cell, className: 'nowrap', cell: e => <b>{e.cell}</b> },
          { title: m.imports.field, className: 'nowrap', cell: e => e.field },
          { title: m.imports.problem, cell: e => e.message },
          { title: m.imports.suggestion, className: 'muted', cell: e => e.suggestion && m.imports.didYouMean({ s: e.suggestion }) },
        ]}
      />
    </div>
  )
}
