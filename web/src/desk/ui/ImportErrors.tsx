import type { Answer } from '../../api/client'
import { useI18n } from '../../shared/i18n'

/** Every bad cell: where, what, and the likely cure. */
export function ImportErrors({ errors }: { errors: Answer<'/units/import', 'post'>['errors'] }) {
  const { m } = useI18n()
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="table gap-2">
        <thead>
          <tr>
            <th>{m.imports.cell}</th>
            <th>{m.imports.field}</th>
            <th>{m.imports.problem}</th>
            <th>{m.imports.suggestion}</th>
          </tr>
        </thead>
        <tbody>
          {errors.slice(0, 500).map((e, i) => (
            <tr key={i}>
              <td className="nowrap">
                <b>{e.cell}</b>
              </td>
              <td className="nowrap">{e.field}</td>
              <td>{e.message}</td>
              <td className="muted">{e.suggestion && m.imports.didYouMean({ s: e.suggestion })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
