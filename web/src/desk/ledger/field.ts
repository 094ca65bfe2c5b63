import type { Evidence, Field } from '../../api/answers'
import { type Draft, type DraftValue, type Fault } from '../../shared/schema-form/core'

export type Props = {
  field: Field
  pointer: string
  id: string
  invalid: boolean
  describedby: string | undefined
  draft: Draft
  onChange: (key: string, v: DraftValue) => void
  phone: boolean
  unit: number | undefined
  labels: { [k: string]: string }
  evidence: Evidence[]
  files: string
  names: { [sha: string]: string }
  onName: (key: string, name: string) => void
  faults: Fault[]
  onUploads: (field: string, waiting: number, failed: number) => void
}
