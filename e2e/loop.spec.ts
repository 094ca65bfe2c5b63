import { expect, test } from './drift'
import { account, api, seat } from './desk'
import { png } from './photo'

// The job: an inspector finds something on a phone, the firm puts it right and replies, the office rechecks and closes.
test('from an estate to a closed case: phone, firm, office', async ({ browser }) => {
  test.setTimeout(150_000)
  const office = await api(browser, 'office')
  const units = (await (await (await api(browser, 'firm')).get('/api/v1/inspect-places')).json()) as { items: { key: string; name: string; type: string; open: number }[] }
  const estate = units.items.find(u => u.type === 'estate' && u.open === 0)!
  expect(estate).toBeTruthy()

  // On the spot: one item is wrong, with a phrase, a number and a photo; all others are in order in one tap.
  const inspector = await seat(browser, 'jiancha', 390)
  const p = inspector.page
  await p.goto('/inspect')
  await p.getByRole('searchbox').fill(estate.name)
  await p.getByRole('listitem').filter({ hasText: estate.name }).first().getByRole('link', { name: '检查', exact: true }).click()
  await expect(p.getByRole('heading', { name: estate.name, exact: true })).toBeVisible()
  const lids = p.locator('[data-item=lids]').first()
  await lids.getByRole('button', { name: '否' }).click()
  await lids.getByRole('button', { name: '满溢' }).click()
  await lids.getByRole('button', { name: '+' }).click()
  await lids.locator('input[type=file]').setInputFiles({ name: 'bin.png', mimeType: 'image/png', buffer: png(90, 60, 120) })
  await expect(lids.locator('img')).toHaveCount(1)
  // A closed page loses nothing.
  await p.reload()
  await expect(p.getByText('接着上次没提交的继续')).toBeVisible()
  await expect(p.locator('[data-item=lids]').first().getByRole('button', { name: '满溢' })).toHaveAttribute('aria-pressed', 'true')
  await p.getByRole('button', { name: /^其余 \d+ 项全部正常$/ }).click()
  await p.locator('[data-item=aware]').getByRole('textbox', { name: '问了几位' }).fill('10')
  await p.locator('[data-item=aware]').getByRole('textbox', { name: '其中合格' }).fill('10')
  expect(await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  if (process.env.SIFEN_SHOTS) await p.screenshot({ path: `${process.env.SIFEN_SHOTS}/check.png` })
  await p.getByRole('button', { name: '提交', exact: true }).click()
  await expect(p.getByTestId('findings')).toContainText('满溢，1 个桶')
  const kase = await p.getByTestId('findings').getByRole('link', { name: /^ZG-/ }).getAttribute('href')
  const id = /\/cases\/([0-9a-f-]+)/.exec(kase!)![1]!
  const at = async () => (await (await office.get(`/api/v1/cases/${id}`)).json()) as { state: string; no: string; party: { name: string }; rev: number }
  const before = await at()
  expect(before.state).toBe('sent')
  expect(before.party.name).toBe(account('firm').unit)

  // The firm, on a phone: it is on the bench, is signed for and replied to with a photo.
  const firm = await seat(browser, 'firm', 390)
  const f = firm.page
  await f.goto('/bench')
  await f.getByRole('link', { name: /满溢，1 个桶/ }).first().click()
  await expect(f.getByRole('heading', { name: '满溢，1 个桶' })).toBeVisible()
  await f.locator('input[type=file]').setInputFiles({ name: 'after.png', mimeType: 'image/png', buffer: png(20, 160, 90) })
  await expect(f.locator('.take img')).toHaveCount(1)
  await f.getByRole('button', { name: '已清运' }).click()
  if (process.env.SIFEN_SHOTS) await f.screenshot({ path: `${process.env.SIFEN_SHOTS}/reply.png`, fullPage: true })
  await f.getByRole('button', { name: '回复，请求复查' }).click()
  await expect(f.getByText('待复查').first()).toBeVisible()
  expect(await f.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)

  // The office returns it once, then closes it; the one who replied could not.
  const desk = await seat(browser, 'office')
  const d = desk.page
  await d.goto(`/cases/${id}`)
  await d.getByRole('button', { name: '不合格，退回' }).click()
  await d.getByRole('dialog').getByRole('button', { name: '没有改到位' }).click()
  await d.getByRole('dialog').getByRole('button', { name: '不合格，退回' }).click()
  await expect(d.getByText('退回重改').first()).toBeVisible()
  await f.reload()
  await f.getByRole('textbox').fill('加了一个桶')
  await f.getByRole('button', { name: '回复，请求复查' }).click()
  await expect(f.getByText('待复查').first()).toBeVisible()
  await expect(d.getByText('待复查').first()).toBeVisible() // the page moves by itself
  await d.getByRole('button', { name: '合格，销号' }).click()
  await d.getByRole('dialog').getByRole('button', { name: '合格，销号' }).click()
  await expect(d.getByText('已销号').first()).toBeVisible()
  expect((await at()).state).toBe('closed')
  await d.goto('/cases')
  await d.getByRole('button', { name: '已销号', exact: true }).click()
  await expect(d.getByRole('link', { name: before.no })).toBeVisible()
  for (const s of [inspector, firm, desk]) {
    expect(s.errors).toEqual([])
    await s.context.close()
  }
})

// The job: of what a month closed some are drawn and looked at again, by somebody who neither replied nor rechecked.
test('a look-back: from the list of the month to its record', async ({ browser }) => {
  const of = async (who: string) => (await (await (await api(browser, who)).get('/api/v1/look-backs')).json()) as { months: { passed: number; drawn: number }[]; rows: { no: string; may: boolean; outcome: string }[] }
  const people = ['office', 'jiancha', 'yuxiang']
  let who = ''
  let no = ''
  for (const p of people) {
    const row = (await of(p)).rows.find(r => r.outcome === '' && r.may)
    if (row) [who, no] = [p, row.no]
  }
  expect(no).toMatch(/^ZG-/)
  const before = (await of('leader')).months[0]!
  expect((await of('leader')).rows.some(r => r.no === no)).toBe(false) // who only reads is not told which
  const desk = await seat(browser, who)
  const d = desk.page
  await d.goto('/look-backs')
  await d.getByRole('row', { name: no }).getByRole('link', { name: no }).click()
  await d.getByRole('button', { name: '回头看合格' }).click()
  await d.getByRole('dialog').getByRole('button', { name: '回头看合格' }).click()
  await expect(d.getByText('回头看，仍然合格').first()).toBeVisible()
  await expect(d.getByText('已销号').first()).toBeVisible()
  const after = (await of('leader')).months[0]!
  expect(after.passed).toBe(before.passed + 1)
  await d.goto('/cases')
  await expect(d.getByTestId('last-looks')).toContainText(`抽 ${after.drawn} 件`)
  expect(desk.errors).toEqual([])
  await desk.context.close()
})
