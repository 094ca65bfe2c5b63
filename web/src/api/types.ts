import type { components } from './schema'
/** The shapes of docs/openapi.json the desk uses. */
export type Label = { zh: string; en: string }
export type Day = string
export type Instant = number
export type UnitName = { id: number; name: string }
export type UnitShort = UnitName & { short?: string }

export type Grant = { id: string; role: string; role_title: Label; unit: { id: number; name: string; path: string }; until?: Day }
export type Me = {
  login: string
  name: string
  person: string
  must_change: boolean
  district: { code: string; name: string }
  unit: { id: number; name: string; type: string }
  grants: Grant[]
  verbs: string[]
  home: 'summary' | 'bench'
  today: Day
  period: string
  demo: boolean
  insecure: boolean
  counts: { todo: number; returned: number; queue: number }
  version: string
}
export type DemoAccount = { login: string; password: string; name: string; role: Label; unit: string }

export type Unit = {
  id: number
  code: string | null
  name: string
  type: string
  parent: number | null
  scheme: string
  path: string
  short: string
  from: Day
  until: Day | null
  line: boolean
  initials: string
}
export type UnitDetail = Unit & {
  edges: { unit: UnitName; from: Day; until: Day | null }[]
  lines: { unit: UnitName; from: Day; until: Day | null }[]
  schemes: { scheme: string; from: Day }[]
  may: { edit: boolean }
}
export type Scheme = { key: string; title: Label }

export type FieldType =
  | 'date'
  | 'text'
  | 'long-text'
  | 'count'
  | 'number'
  | 'weight'
  | 'money'
  | 'choice'
  | 'ref'
  | 'unit'
  | 'person'
  | 'photo'
  | 'file'
  | 'bool'
  | 'group'
  | 'geo'
export type Field = {
  key: string
  type: FieldType
  title: Label
  help?: Label
  required: boolean
  decimals: number
  unit?: Label
  min?: number
  max?: number
  basis?: string[]
  options?: { key: string; title: Label }[]
  of?: string
  types?: string[]
  personal?: boolean
  fields?: Field[]
}
export type Kind = {
  key: string
  title: Label
  prefix: string
  group: string
  group_title: Label
  mode: 'day' | 'state'
  day: string | null
  from: string | null
  until: string | null
  title_field: string | null
  fields: Field[]
  about: string[]
  entered_by: string[]
  levels: string[]
  due: null | { every: 'month' | 'quarter' | 'year'; by: number }
  may: { enter: boolean; verify: boolean; void: boolean }
  mine?: boolean // entered by the caller's own units
  figures: string[]
}

export type EntryState = 'draft' | 'submitted' | 'returned' | 'verified' | 'void'
export type Geo = { lat: number; lon: number }
export type Value = string | number | boolean | string[] | Geo | Values[]
export type Values = { [key: string]: Value | undefined }
export type EntryRow = {
  id: string
  number: string
  kind: string
  unit: { id: number; name: string; short: string }
  from: Day
  until: Day | null
  title: string
  state: EntryState
  rev: number
  level?: string
  counted: boolean
  values: Values
  labels: { [key: string]: string }
  photos: number
  thumb?: string
  by: { name: string }
  at: Instant
  late_days: number
  waiting_days: number
  reason?: string
  hints: Label[]
  link?: string
}
export type Change = { field: string; title: Label; old: string | null; new: string | null }
export type HistoryOp = 'create' | 'edit' | 'submit' | 'withdraw' | 'verify' | 'return' | 'void' | 'import' | 'succeed'
export type History = {
  at: Instant
  by: string
  op: HistoryOp
  reason?: string
  rev: number
  level?: string
  changes: Change[]
  source?: string
}
export type UsedIn = { entry?: string; number?: string; unit?: string }
export type Evidence = {
  sha: string
  field: string
  name: string
  width: number
  height: number
  taken_at?: string
  lat?: number
  lon?: number
  camera?: string
  uploaded_by: string
  uploaded_at: Instant
  also_in: UsedIn[]
  near?: UsedIn[] | null
}
export type EntryMay = {
  edit: boolean
  submit: boolean
  withdraw: boolean
  verify: boolean
  return: boolean
  void: boolean
  delete: boolean
  succeed: boolean
}
export type Entry = EntryRow & {
  counted_values?: Values
  previous_labels?: { [key: string]: string }
  may: EntryMay
  history: History[]
  counts_in: { key: string; title: Label; unit: UnitName; period: string; value: number | null; display: string; mine: number; mine_text: string }[]
  documents: { id: string; title: string; state: DocumentState; n: number; title_figure: Label }[]
  evidence: Evidence[]
  previous_values?: Values
  locked?: { from: Day; until: Day }
}
export type FigureLine = Pick<Figure, 'key' | 'title' | 'unit_of' | 'display' | 'estimated'> & { value: number | null; decimals?: number }
export type EntryPage = {
  capped: boolean
  total: number
  by_state: Record<EntryState, number>
  returned_to_me: number
  figures: FigureLine[]
  not_counted: { records: number }
  rows: EntryRow[]
  page: number
  size: number
}

export type Measure = 'count' | 'sum' | 'stock' | 'level' | 'distinct' | 'ratio' | 'mean' | 'formula' | 'coverage'
export type Figure = {
  key: string
  title: Label
  unit_of: Label | null
  unit: UnitName
  period: string
  measure: Measure | string
  value: number | null
  decimals: number
  display: string
  part: number | null
  of: number | null
  estimated: number
  undefined: boolean
}
export type Previous = {
  period: string
  value: number | null
  display: string
  part?: number | null
  of?: number | null
  change: number | null
  change_pct: string | null
  since: string
}
type Child = { unit: UnitName; value: number | null; display: string; part?: number | null; of?: number | null }
export type Panel = Figure & {
  definition: Label
  source: Label | null
  version: number
  kind: string
  previous: Previous | null
  months: { period: string; value: number | null; display?: string; partial: boolean }[]
  children: Child[]
  own: Child | null
  counted: { records: number; value: number | null }
  not_counted: { draft: number; submitted: number; returned: number; void: number }
  terms: Figure[]
  not_done: { id: number; name: string; path?: string }[]
  not_done_total: number
  registered?: number
  records: EntryRow[]
  records_total: number
  outside: number
  keeper?: string
  digest: string
  as_of: Instant
}

type Schemas = components['schemas']
/** Lists of the server are never null, though the schema allows it. */
type Whole<T> = { [K in keyof T]: NonNullable<T[K]> }
export type DocumentState = 'draft' | 'review' | 'approved' | 'issuing' | 'issued' | 'received' | 'revoked' | 'repealed'
export type DocumentRow = {
  id: string
  template: string
  title: string
  unit: UnitName
  period: string
  state: DocumentState
  ended: '' | 'revoked' | 'repealed'
  number?: string
  draft_no: number
  issued_at?: Instant | null
  issued_by?: string
  as_of: Instant
  differences: number
  figures: number
  gaps: number
} & Pick<
  Schemas['DeskDocumentRow'],
  | 'kind'
  | 'kind_title'
  | 'origin'
  | 'mime'
  | 'sender'
  | 'received_day'
  | 'drafted_by'
  | 'created_at'
  | 'recipients'
  | 'read'
  | 'signed'
  | 'mine'
>
export type Delivered = Schemas['DeskDelivered']
export type DocumentEvent = Schemas['DeskDocumentEvent']
export type WaitingDocument = Schemas['DeskWaitingDocument']
export type DocumentKind = Schemas['DocumentKind']
export type TemplateView = Whole<Schemas['DeskTemplateView']>
export type TemplateFault = Schemas['DeskTemplateFault']
export type TagName = Schemas['DeskTagName']
export type Insertable = Schemas['DeskInsertable']
export type DocumentFigure = {
  n: number
  key: string
  title: Label
  unit_of?: Label
  display: string
  decimals?: number
  unit: UnitName
  period: string
  value: number | null
  part: number | null
  of: number | null
  missing: boolean
  source: string
  records: number
}
export type Document = DocumentRow & {
  html: string
  outline: { id: string; level: number; text: string; figures: number[] }[]
  cited: DocumentFigure[]
  texts: { key: string; title: Label; value: string; default: Label }[]
  rev: number
  may: Schemas['DeskMay']
  file_sha?: string
} & Whole<Pick<Schemas['DeskDocument'], 'within' | 'own' | 'deliveries' | 'events' | 'sent_by' | 'sent_at' | 'approved_by' | 'approved_at' | 'ended_at' | 'ended_by' | 'ended_reason' | 'file_name'>>
type Snapshot = { display: string; value: number | null; part?: number | null; of?: number | null }
export type Difference = {
  n: number
  key: string
  title: Label
  issued: Snapshot
  now: Snapshot
  delta: number | null
  delta_text?: string
  records: {
    entry: string
    number: string
    title: string
    unit: string
    change: 'added' | 'removed' | 'changed'
    old: string
    new: string
    by: string
    at: Instant
    op: string
    place?: boolean
    reason: string
  }[]
  outside: number
}
export type SourcePage = {
  document: { id: string; title: string; number?: string; state: DocumentState }
  n: number
  figure: Panel
  issued: (Snapshot & { digest: string; records: number }) | null
  same: boolean
}

export type Queue = {
  total: number
  by_kind: { kind: string; title: Label; n: number }[]
  rows: EntryRow[]
  done_today: { verified: number; returned: number }
}
export type FigureTarget = Omit<Whole<Schemas['DeskFigureTarget']>, 'part'> & { part: Schemas['DeskPart'] | null }
export type BenchFigure = Figure & { previous: Previous | null; months: number[]; target: FigureTarget | null }
export type Bench = {
  owed: { kind: string; title: Label; period: string; due: Day; late_days: number; unit: UnitName }[]
  sign: { id: string; title: string; number: string; unit: UnitName; delivered_at: Instant }[]
  review: { id: string; title: string; sent_at: Instant }[]
  tasks: Schemas['DeskBenchTask'][]
  may_plan: boolean
  absent: { kind: string; title: Label; period: string; due: Day; missing: number; of: number }[]
  unread: number
  returned: EntryRow[]
  drafts: EntryRow[]
  queue: EntryRow[]
  queue_total: number
  waiting: EntryRow[]
  figures: BenchFigure[]
  notices: { id: string; kind: string; at: Instant; title: Label; link: string; read: boolean }[]
}
export type Impact = { items: { key: string; title: Label; unit: UnitName; before: string; after: string }[] }
export type Check = { errors: { pointer: string; code: string; detail: string }[]; hints: Label[] }
export type Blob = { sha: string; width: number; height: number; taken_at?: string; lat?: number; lon?: number; camera?: string; also_in: UsedIn[] }

export type ImportError = { sheet: string; cell: string; field?: string; code: string; message: string; suggestion?: string }
export type ImportResult = {
  id?: string
  rows: number
  accepted: number
  unchanged: number
  dry_run: boolean
  errors: ImportError[]
}

export type PersonGrant = { id: string; role: string; role_title: Label; unit: UnitName; from: Day; until?: Day | null }
export type Person = {
  id: string
  name: string
  login?: string
  state: 'active' | 'locked' | 'closed' | 'none'
  unit: UnitName
  grants: PersonGrant[]
  last_seen?: Instant | null
  initials: string
}
export type Roles = { items: { key: string; title: Label; verbs: string[] }[]; verbs: { key: string; title: Label }[] }
/** until is the last locked day. */
export type Lock = { id: string; unit: UnitName; kind: string | null; from: Day; until: Day; by: string; at: Instant; reason: string }
export type RefItem = { id: string; number: string; title: string; unit: UnitShort | string }
export type PersonItem = { id: string; name: string; unit: UnitShort | string }

export type PlanTarget = Whole<Schemas['PlanTargetView']>
export type PlanTask = Omit<Whole<Schemas['PlanTaskView']>, 'state'> & { state: 'open' | 'done' | 'cancelled' | 'carried' }
export type PlanDuty = Schemas['PlanDutyView']
export type Plan = Omit<Whole<Schemas['PlanView']>, 'targets' | 'tasks' | 'duties'> & { targets: PlanTarget[]; tasks: PlanTask[]; duties: PlanDuty[] }
