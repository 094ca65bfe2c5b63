import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Entry, Kind, Values } from '../../api/answers'
import { claimDraft, dropDraft, holdDraft, loadDraft, saveDraft } from '../../shared/drafts'
import { dayOf, shortTime } from '../../shared/format'
import { dropFiles } from '../../shared/pending'
import { fromDraft, toDraft, type Draft, type DraftValue, type Sent } from '../../shared/schema-form/core'
import { uuid } from '../../shared/uuid'

type Options = {
  person: string
  kind: Kind
  storeId: string
  entry: Entry | undefined
  mode: 'new' | 'edit' | 'succeed'
  today: string
  defaultUnit: number | undefined
}
export type Form = ReturnType<typeof useForm>

/** What is typed, and its copy on the device. */
export function useForm({ person, kind, storeId: wanted, entry, mode, today, defaultUnit }: Options) {
  const [{ id: storeId, other }] = useState(() => (mode === 'new' ? claimDraft(person, kind.key, wanted) : { id: wanted, other: null }))
  useEffect(() => (mode === 'new' ? holdDraft(person, kind.key, storeId) : undefined), [mode, person, kind.key, storeId])
  const fresh = useCallback((): { values: Draft; unit: number | undefined; names: { [sha: string]: string } } => {
    if (!entry) {
      const values: Draft = {}
      const dated = kind.day ?? kind.from
      if (dated) values[dated] = today
      return { values, unit: defaultUnit, names: {} }
    }
    const values = toDraft(kind.fields, entry.values as Sent)
    if (mode !== 'edit') {
      // Photos prove one event: a copy starts without them.
      for (const f of kind.fields) if (f.type === 'photo' || f.type === 'file') delete values[f.key]
      if (mode === 'succeed' && kind.from) values[kind.from] = today
      if (mode === 'succeed' && kind.until) delete values[kind.until]
      if (mode === 'new' && kind.day) values[kind.day] = today
    }
    return { values, unit: entry.unit.id, names: Object.fromEntries(entry.evidence.map(e => [e.sha, e.name])) }
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  const [start] = useState(() => {
    const stored = loadDraft(person, kind.key, storeId)
    const first = fresh()
    return stored
      ? {
          ...first,
          values: stored.values,
          unit: stored.unit ?? first.unit,
          names: { ...first.names, ...stored.names },
          rev: stored.rev,
          id: stored.id,
          reason: stored.reason ?? '',
          at: stored.at,
        }
      : { ...first, rev: undefined, id: undefined, reason: '', at: 0 }
  })
  const [draft, setDraft] = useState<Draft>(start.values)
  const [unit, setUnitState] = useState<number | undefined>(start.unit)
  const [reason, setReasonState] = useState(start.reason)
  const [rev, setRev] = useState<number | undefined>(start.rev ?? entry?.rev)
  const [base, setBase] = useState<Sent>(() => (entry ? (entry.values as Sent) : {}))
  const [id, setId] = useState(() => start.id ?? uuid())
  const [restoredAt, setRestoredAt] = useState(start.at ? shortTime(start.at, dayOf(Date.now())) : '')
  const [keptAt, setKeptAt] = useState('')
  const [elsewhere, setElsewhere] = useState(other)
  const [names, setNames] = useState(start.names)
  const dirty = useRef(false)
  const gone = useRef(false)

  useEffect(() => {
    if (unit === undefined && defaultUnit !== undefined && !dirty.current) setUnitState(defaultUnit)
  }, [defaultUnit, unit])

  const now = useRef({ draft, unit, reason, rev, id, names })
  useLayoutEffect(() => {
    now.current = { draft, unit, reason, rev, id, names }
  })
  const keep = useCallback(() => {
    if (gone.current) return
    const c = now.current
    const at = Date.now()
    if (
      saveDraft(person, kind.key, storeId, {
        at,
        unit: c.unit,
        rev: c.rev,
        values: c.draft,
        names: c.names,
        id: c.id,
        ...(c.reason ? { reason: c.reason } : {}),
      })
    )
      setKeptAt(shortTime(at, dayOf(at)).slice(-5))
  }, [person, kind.key, storeId])
  useEffect(() => {
    if (!dirty.current) return
    const t = setTimeout(keep, 500)
    return () => clearTimeout(t)
  }, [draft, unit, reason, keep])
  // A closing tab keeps the last half second too.
  useEffect(() => {
    const leave = () => dirty.current && keep()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      if (dirty.current) leave()
    }
  }, [keep])

  const files = `${person}.${kind.key}.${storeId}`
  const touch = () => {
    dirty.current = true
  }
  return {
    draft,
    unit,
    reason,
    rev,
    base,
    id,
    names,
    restoredAt,
    keptAt,
    /** When another tab of this form was typed into; it goes on there, this is another record. */
    elsewhereAt: elsewhere ? shortTime(elsewhere.at, dayOf(Date.now())) : '',
    /** Takes what the other tab holds as this record's. */
    copyElsewhere: () => {
      if (!elsewhere) return
      touch()
      setDraft(elsewhere.values)
      setUnitState(elsewhere.unit)
      setElsewhere(null)
    },
    keep,
    setName: (key: string, name: string) => setNames(all => ({ ...all, [key]: name })),
    set: (key: string, value: DraftValue) => {
      touch()
      setDraft(d => ({ ...d, [key]: value }))
    },
    update: (change: (d: Draft) => Draft) => {
      touch()
      setDraft(change)
    },
    setUnit: (u: number | undefined) => {
      touch()
      setUnitState(u)
    },
    setReason: (r: string) => {
      touch()
      setReasonState(r)
    },
    drop: () => {
      gone.current = true
      dropDraft(person, kind.key, storeId)
      void dropFiles(files)
    },
    files,
    discard: () => {
      const first = fresh()
      dropDraft(person, kind.key, storeId)
      void dropFiles(files)
      dirty.current = false
      setDraft(first.values)
      setUnitState(first.unit)
      setReasonState('')
      setRev(entry?.rev)
      setId(uuid())
      setRestoredAt('')
      setKeptAt('')
    },
    /** After a conflict: go on from what the other saved, with the values chosen. */
    rebase: (values: Values, toRev: number, current: Entry) => {
      touch()
      setDraft(toDraft(kind.fields, values as Sent))
      setRev(toRev)
      setBase(current.values as Sent)
    },
    sent: () => fromDraft(kind.fields, draft),
  }
}
