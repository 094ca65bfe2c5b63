import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { get, url } from '../../api/client'
import { statusOf } from '../../api/errors'
import type { Document } from '../../api/answers'
import { longTime, periodName, shortTime } from '../../shared/format'
import { FigurePanel } from '../ui/FigurePanel'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { Loaded } from '../ui/States'
import { DocumentStatus } from '../ui/StatusMark'
import { can, useHotkeys, useIsPhone, useMe, useMedia, useScope, useTitle, useUrl } from '../ui/hooks'
import { DocActions } from './Approval'
import { ChangesDialog } from './ChangesDialog'
import { FigureIndex as Index } from './FigureIndex'
import { Outline, gapCount, gapsOf, sectionOf, unrecordedOf } from './Outline'
import { OwnDialog } from './OwnText'
import { Paper, type PaperHandle } from './Paper'
import { Renewed } from './Renewed'
import { TextsDialog } from './TextsDialog'
import { useI18n } from './texts'
import { NoSummary } from './NoSummary'
import './document.css'

/** Who may not read documents starts at the bench. */
export default function SummaryPage() {
  return can(useMe(), 'document.read') ? <LivingSummary /> : <Navigate to="/bench" search={{}} replace />
}

function LivingSummary() {
  const { m } = useI18n()
  const { unit, period } = useScope()
  const query = useQuery({
    queryKey: ['summary', unit, period],
    queryFn: ({ signal }) => get('/summary', { unit, period }, signal),
    placeholderData: keepPreviousData,
  })
  useTitle(query.data?.title ?? m.summary.page)
  if (statusOf(query.error) === 404 && !query.isPlaceholderData) return <NoSummary unit={unit} period={period} />
  return (
    <Loaded query={query} rows={8}>
      {doc => <Summary doc={doc} />}
    </Loaded>
  )
}

function Summary({ doc }: { doc: Document }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const [search, set] = useUrl()
  const wide = useMedia('(min-width: 1280px)')
  const phone = useIsPhone()
  const paper = useRef<PaperHandle>(null)
  const [dialog, setDialog] = useState<'changes' | 'texts' | null>(null)
  const [writing, setWriting] = useState(false)
  const [place, setPlace] = useState<{ key: string; above: string } | null>(null)
  const [section, setSection] = useState('')
  const [compare, setCompare] = useState(false)
  const at = doc.cited.findIndex(f => f.n === search.n)
  const figure = doc.cited[at]
  const gaps = gapsOf(doc)
  const unrecorded = unrecordedOf(doc)
  const good = doc.cited.length - gaps.length - unrecorded.length

  const open = (n: number | undefined, scroll = true) => {
    set({ n, fig: undefined }, { replace: true })
    if (n !== undefined && scroll) paper.current?.show(n)
  }
  const walk = (step: number) => {
    const order = paper.current?.order() ?? doc.cited.map(f => f.n)
    const i = order.indexOf(search.n ?? -1)
    const next = order[i === -1 ? (step > 0 ? 0 : order.length - 1) : (i + step + order.length) % order.length]
    if (next !== undefined) open(next)
  }
  useHotkeys({
    arrowdown: () => walk(1),
    arrowup: () => walk(-1),
    j: () => walk(1),
    k: () => walk(-1),
    escape: () => {
      if (search.fig) return set({ fig: undefined }, { replace: true })
      if (search.n) {
        const n = search.n
        open(undefined)
        paper.current?.focus(n)
      }
    },
  })
  useEffect(() => {
    if (search.n) paper.current?.show(search.n)
    // only on arrival: a link to a figure scrolls to it
    // oxlint-disable-next-line react/exhaustive-deps
  }, [doc.id])

  const outline = (
    <Outline doc={doc} section={figure ? sectionOf(doc, figure.n) : section} onGo={id => paper.current?.section(id)} onGap={n => open(n)} />
  )
  const panel = figure ? (
    <FigurePanel
      className={wide ? 'panel' : 'panel over'}
      figureKey={figure.key}
      unit={figure.unit.id}
      period={figure.period}
      nth={m.figure.nth({ n: at + 1, of: doc.cited.length })}
      onPrevious={() => walk(-1)}
      onNext={() => walk(1)}
      onClose={() => {
        open(undefined)
        paper.current?.focus(figure.n)
      }}
    />
  ) : wide || compare ? (
    <Index
      doc={doc}
      compare={compare}
      className={wide ? 'panel' : 'panel over'}
      onOpen={open}
      {...(compare ? { onClose: () => setCompare(false) } : {})}
    />
  ) : null

  return (
    <>
      <h1 className="unseen">{doc.title}</h1>
      <div className="state noprint">
        <span className="wide-part strong state-name">
          {periodName(doc.period, lang)}
          {lang === 'en' ? ' · ' : ''}
          {m.summary.page}
        </span>
        <DocumentStatus state={doc.state} />
        <span className="faint wide-part">{doc.number || m.summary.draftNo({ n: doc.draft_no })}</span>
        <span className="sep wide-part" />
        <span className="asof">
          <span className="faint">
            <span className="wide-part">{m.summary.dataAsOf} </span>
          </span>
          <span className="wide-part">{longTime(doc.as_of, lang)}</span>
          <span className="phone-part faint">{m.common.asOf({ t: shortTime(doc.as_of, me.today) })}</span>
        </span>
        <span className="sep wide-part" />
        <span className="same-all">
          <span className="faint">{m.summary.differences}</span>{' '}
          {doc.differences > 0 ? (
            <Link to="/documents/$id" params={{ id: doc.id }} search={{}}>
              <b>{doc.differences}</b>
            </Link>
          ) : (
            <b>0</b>
          )}
        </span>
        <span className="sep wide-part" />
        <span className="wide-part">
          {gapCount(doc) ? (
            <button type="button" className="link" onClick={() => (gaps[0] ? open(gaps[0].n) : setDialog('texts'))}>
              {m.summary.complete({ n: good })}
              {m.common.sep}
              {m.summary.gaps({ n: gapCount(doc) })}
            </button>
          ) : (
            <span className="muted">{m.summary.complete({ n: good })}</span>
          )}
          {unrecorded.length > 0 && (
            <>
              {m.common.sep}
              <button type="button" className="link" title={unrecorded.map(f => l(f.title)).join(m.common.sep)} onClick={() => open(unrecorded[0]!.n)}>
                {m.summary.unrecorded({ n: unrecorded.length })}
              </button>
            </>
          )}
        </span>
        <span className="grow" />
        {!wide && (
          <Pop
            className="btn outl"
            popClass="pop outpop"
            right
            button={
              <>
                {phone ? m.summary.menu({ a: good, b: doc.cited.length }) : m.summary.outline}
                <Icon name="down" />
              </>
            }
          >
            {close => (
              <div onClick={close} role="presentation">
                {outline}
              </div>
            )}
          </Pop>
        )}
        <button
          type="button"
          className="btn wide-part cmpb"
          aria-pressed={compare}
          onClick={() => {
            setCompare(!compare)
            if (!compare) open(undefined)
          }}
        >
          {m.summary.compare}
        </button>
        {doc.may.edit && doc.texts.length > 0 && (
          <button type="button" className="btn wide-part" onClick={() => setDialog('texts')}>
            {m.summary.editTexts}
          </button>
        )}
        <Pop menu right className="btn wide-part" button={<>{m.docs.more}<Icon name="down" /></>}>
          {close => (
            <>
              {doc.may.edit && (
                <button
                  type="button"
                  className="opt"
                  aria-pressed={writing}
                  onClick={() => {
                    setWriting(!writing)
                    close()
                  }}
                >
                  <Icon name="edit" />
                  {m.docs.write}
                </button>
              )}
              {doc.state !== 'issued' && (
                <button
                  type="button"
                  className="opt"
                  onClick={() => {
                    setDialog('changes')
                    close()
                  }}
                >
                  <Icon name="list" />
                  {m.docs.changes}
                </button>
              )}
              <Link className="opt" to="/documents/$id" params={{ id: doc.id }} search={{}} onClick={close}>
                <Icon name="tray" />
                {m.docs.recipients}
                {m.common.sep}
                {m.docs.history}
              </Link>
            </>
          )}
        </Pop>
        <button type="button" className="btn icon wide-part" aria-label={m.summary.print} title={m.summary.print} onClick={() => print()}>
          <Icon name="print" />
        </button>
        {!doc.renewed && (
          <a className="btn wide-part" href={url(`/documents/${doc.id}/file`)} download>
            <Icon name="download" />
            {m.summary.word}
          </a>
        )}
        <DocActions doc={doc} quiet />
      </div>
      <Renewed doc={doc} />
      <div className="app sum-app">
        {wide && <div className="outline pane noprint">{outline}</div>}
        <div className="desk pane" id="paper-pane">
          <Paper
            ref={paper}
            doc={doc}
            selected={figure?.n}
            onOpen={n => open(n, false)}
            {...(doc.may.edit ? { onText: () => setDialog('texts') } : {})}
            {...(writing && doc.may.edit ? { onBelow: (key: string, above: string) => setPlace({ key, above }) } : {})}
            onSection={setSection}
          />
          {phone && (
            <div className="phone-acts noprint">
              {doc.may.edit && doc.texts.length > 0 && (
                <button type="button" className="btn" onClick={() => setDialog('texts')}>
                  {m.summary.editTexts}
                </button>
              )}
              {!doc.renewed && (
                <a className="btn" href={url(`/documents/${doc.id}/file`)} download>
                  <Icon name="download" />
                  {m.summary.word}
                </a>
              )}
            </div>
          )}
        </div>
        {!search.fig && panel}
        {search.fig && wide && <span />}
      </div>
      {dialog === 'changes' && <ChangesDialog doc={doc} onClose={() => setDialog(null)} />}
      {place && <OwnDialog doc={doc} place={place.key} above={place.above} onClose={() => setPlace(null)} />}
      {dialog === 'texts' && <TextsDialog doc={doc} onClose={() => setDialog(null)} title={l} />}
    </>
  )
}
