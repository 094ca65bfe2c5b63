import { describe, expect, it } from 'vitest'
// @ts-expect-error a script of the build, without types
import { badClass, forbidden } from '../scripts/rules.mjs'

describe('who may import whom', () => {
  const may = (from: string, to: string) => expect(forbidden(from, to), `${from} → ${to}`).toBe('')
  const mayNot = (from: string, to: string) => expect(forbidden(from, to), `${from} → ${to}`).not.toBe('')
  it('a capability its own, ui, shared and api', () => {
    may('desk/plan/PlanPage.tsx', 'desk/plan/steps')
    may('desk/plan/PlanPage.tsx', 'desk/ui/Combo')
    may('desk/plan/PlanPage.tsx', 'shared/format')
    may('desk/plan/PlanPage.tsx', 'api/client')
    mayNot('desk/plan/PlanPage.tsx', 'desk/ledger/entry')
    mayNot('desk/plan/PlanPage.tsx', 'desk/shell/nav')
    mayNot('desk/plan/PlanPage.tsx', 'desk/manifests')
  })
  it('shared and api nothing of an entry, ui no capability, the shell none by name', () => {
    mayNot('shared/format.ts', 'desk/ui/Icon')
    mayNot('api/client.ts', 'desk/ui/hooks')
    may('api/client.ts', 'shared/uuid')
    mayNot('desk/ui/Combo.tsx', 'desk/ledger/entry')
    mayNot('desk/shell/Shell.tsx', 'desk/account/SignInPage')
    may('desk/shell/Shell.tsx', 'desk/manifests')
    may('desk/manifests.ts', 'desk/plan/manifest')
    mayNot('desk/manifests.ts', 'desk/plan/PlanPage')
  })
})

it('a class is named in words', () => {
  for (const name of ['gap-1', 'document-head', 'on', 'status-ok', 'figure-row-2']) expect(badClass(name), name).toBe(false)
  for (const name of ['t2', 'sm', 'pl-mx', 'dx', 'mt1', 'Row']) expect(badClass(name), name).toBe(true)
})
