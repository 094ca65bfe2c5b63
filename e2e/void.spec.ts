import { expect, test } from './drift'
import { api, operation, seat } from './desk'

type Row = { id: string; rev: number; state: string; values: Record<string, unknown> }

// One flow, one lasting and one distinct kind: voiding a verified record moves the figure on the page by exactly one.
for (const [kind, key] of [['publicity-session', 'publicity.sessions'], ['collection-vehicle', 'fleet.vehicles'], ['household-visit', 'campaign.estates']] as const) {
  test(`voiding a record of ${kind} moves ${key} on the page`, async ({ browser }) => {
    const office = await api(browser, 'office')
    const me = await (await office.get('/api/v1/me')).json()
    const unit = me.district.unit as number
    const figure = async () => (await (await office.get(`/api/v1/figures/${key}?unit=${unit}&period=2020`)).json()).value as number
    const rows = (await (await office.get(`/api/v1/entries?kind=${kind}&state=verified&period=2020&unit=${unit}&size=200`)).json()).rows as Row[]
    // of the distinct kind, a record whose estate no other record names; of the lasting kind, one still in force
    const row = rows.find(r => kind !== 'household-visit' || rows.filter(x => x.values.estate === r.values.estate).length === 1)!
    const before = await figure()
    const { page, errors } = await seat(browser, 'office')
    const address = `/ledger/${kind}?fig=${key}~${unit}~2020`
    await page.goto(address)
    await expect(page.getByTestId('panel-value').filter({ hasText: String(before) })).toBeVisible()
    const res = await office.post(`/api/v1/entries/${row.id}/void`, { data: { reason: '核对后确认重复登记' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${row.rev}"` } })
    expect(res.status(), await res.text()).toBe(200)
    expect(await figure()).toBe(before - 1)
    await expect(page.getByTestId('panel-value').filter({ hasText: String(before - 1) })).toBeVisible()
    expect(errors).toEqual([])
  })
}
