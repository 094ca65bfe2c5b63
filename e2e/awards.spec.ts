import { expect, test } from './drift'
import { api, base, operation, seat } from './desk'
import { chinese, violations, words } from './sound'

type Run = { attempt: number; rows: { unit: { id: number; name: string }; amount: string; paid: string }[] }

// The job: an office computes an award and fills in what no record holds, somebody else approves it, a third step pays by the
// bank's answer, and money comes back; a street sees its own part and why.
test('an award: computed, reviewed by another, approved, paid, recovered', async ({ browser }) => {
  test.setTimeout(180_000)
  const office = await seat(browser, 'office')
  const d = office.page
  await d.goto('/awards')
  await d.getByRole('button', { name: '测算奖补' }).click()
  const dialog = d.getByRole('dialog')
  await dialog.getByLabel('奖补办法').selectOption({ label: '镇街月度以奖代补' })
  await dialog.getByLabel('期间').selectOption({ label: '2020年10月' })
  await dialog.getByRole('button', { name: '测算奖补' }).click()
  await expect(d.getByRole('heading', { name: '镇街月度以奖代补 2020年10月' })).toBeVisible()
  await expect(d.getByText(/^还差 \d+ 个数/)).toBeVisible()
  const path = new URL(d.url()).pathname

  // October has no final scores: grades and places are typed with the reason, one by hand, the others in one go.
  const r = await api(browser, 'office')
  const read = async () => (await (await r.get(`/api/v1${path}`)).json()) as Run
  const before = await read()
  const first = before.rows[1]! // the one before it had to give money back for September: it is barred
  const refused = before.rows[2]!
  await expect(d.getByRole('row', { name: before.rows[0]!.unit.name }).first()).toContainText('前不得申报')
  const values = before.rows.flatMap((x, i) => [
    ...(i !== 1 ? [{ unit: x.unit.id, name: 'grade', value: 'pass' }] : []),
    { unit: x.unit.id, name: 'rank', value: String(i === 1 ? 1 : 4) },
  ])
  const res = await r.post(`/api/v1${path}/values`, { data: { values, reason: '会议纪要第 4 期' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${before.attempt}"` } })
  expect(res.status()).toBe(200)
  await d.reload()
  await d.getByRole('button', { name: '填写' }).click()
  await dialog.getByLabel('单位').selectOption({ label: first.unit.name })
  await dialog.getByLabel('项目').selectOption({ label: '等次' })
  await dialog.getByLabel('等次', { exact: true }).selectOption({ label: '良好' })
  await dialog.getByLabel('写明依据').fill('会议纪要第 4 期')
  await dialog.getByRole('button', { name: '填写' }).click()
  const row = d.getByRole('row', { name: first.unit.name })
  await expect(row.first()).toContainText('30,000.00') // 20,000 for the grade and 10,000 for the first place
  await expect(d.getByText(/^还差 \d+ 个数/)).toHaveCount(0)
  await expect(d.getByRole('button', { name: '审核通过' })).toHaveCount(0)
  expect(await violations(d, 1440)).toEqual([])

  // The leader, who computed and entered nothing.
  const leader = await seat(browser, 'leader')
  const p = leader.page
  await p.goto(path)
  await p.getByRole('button', { name: '审核通过' }).click()
  await p.getByRole('button', { name: '公示' }).click()
  await p.getByRole('button', { name: '批准' }).click()
  await expect(p.getByText('已批准').first()).toBeVisible()
  await expect(p.getByRole('button', { name: '生成拨付批次' })).toHaveCount(0)

  // A batch of which the bank refuses one row; the next batch holds it again.
  await d.reload()
  await d.getByRole('button', { name: '生成拨付批次' }).click()
  await d.getByRole('button', { name: '登记银行回执' }).click()
  await dialog.getByLabel(`退回 ${refused.unit.name}`).check()
  await dialog.getByLabel('退回原因').fill('账号户名不符')
  await dialog.getByRole('button', { name: '登记银行回执' }).click()
  await expect(row.first()).toContainText('已付清')
  await expect(d.getByRole('row', { name: refused.unit.name }).first()).toContainText('可拨付')
  const list = await r.get(`/api/v1${path}/batches/1/list`)
  expect(list.headers()['content-type']).toContain('spreadsheetml')
  await d.getByRole('button', { name: '登记追回' }).click()
  await dialog.getByLabel('单位').selectOption({ index: 0 })
  await dialog.getByLabel('金额（元）').fill('3,000')
  await dialog.getByLabel('写明依据').fill('同一处申报了两次')
  await dialog.getByRole('button', { name: '登记追回' }).click()
  await expect(row.first()).toContainText('27,000.00')
  expect(await violations(d, 1440)).toEqual([])

  // A street on a phone, and in English: its own amount, opened into the arithmetic.
  for (const lang of ['zh', 'en'] as const) {
    const street = await seat(browser, 'yuxiang', 390, lang)
    const own = ((await (await street.context.request.get(`${base()}/api/v1${path}`)).json()) as Run).rows
    expect(own).toHaveLength(1)
    for (const at of ['/awards', path, `${path}/units/${own[0]!.unit.id}`]) {
      await street.page.goto(at)
      await expect(street.page.locator('main h1')).toBeVisible()
      await expect(street.page.locator('main table, main .fnd-parts').first()).toBeVisible()
      expect(await street.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
      expect(await violations(street.page, 390)).toEqual([])
      if (lang === 'en') expect(await chinese(street.page, [...words])).toEqual([])
    }
    await street.context.close()
  }
  expect([...office.errors, ...leader.errors]).toEqual([])
  await office.context.close()
  await leader.context.close()
})
