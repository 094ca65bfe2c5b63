import { createContext, use, useMemo, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

type Put = (e: HTMLElement | null) => void
type Slots = { where: HTMLElement | null; verbs: HTMLElement | null; setWhere: Put; setVerbs: Put; setPhoneVerbs: Put }
const Bar = createContext<Slots | null>(null)

/** The bar under the header belongs to the shell; what stands in it to the right of the tabs comes from the page. */
export function BarSlots({ children }: { children: ReactNode }) {
  const [where, setWhere] = useState<HTMLElement | null>(null)
  const [desk, setVerbs] = useState<HTMLElement | null>(null)
  const [phone, setPhoneVerbs] = useState<HTMLElement | null>(null)
  const slots = useMemo(() => ({ where, verbs: desk ?? phone, setWhere, setVerbs, setPhoneVerbs }), [where, desk, phone])
  return <Bar.Provider value={slots}>{children}</Bar.Provider>
}
export function useBarSlots() {
  const slots = use(Bar)
  if (!slots) throw new Error('a section bar outside the shell')
  return slots
}

/** What can be done on this page, at most three, the primary one last. */
export function Verbs({ children }: { children: ReactNode }) {
  const { verbs } = useBarSlots()
  return verbs && createPortal(children, verbs)
}

/** Where one is inside an entry, with the way back. */
export function Where({ children }: { children: ReactNode }) {
  const { where } = useBarSlots()
  return where && createPortal(children, where)
}
