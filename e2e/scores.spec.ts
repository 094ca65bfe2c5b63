import { expect, test } from './drift'
import { api, base, seat } from './desk'
import { chinese, violations, words } from './sound'

// The job: an office computes a month, somebody else looks it through and makes it public, a street sees its own estates and why.
test('a month of scores: computed, checked by another, public, explained', async ({ browser }) => {
  test.setTimeout(180_000)
  const office = await seat(browser, 'office')
  const d = office.page
  await d.goto('/scores')
  await d.getByRole('button', { name: '计算评分' }).click()
  const dialog = d.getByRole('dialog')
  await dialog.getByLabel('期间').selectOption({ label: '2020年10月' })
  await dialog.getByRole('button', { name: '计算评分' }).click()
  await expect(d.getByRole('heading', { name: '居民小区现场评分表 2020年10月' })).toBeVisible()
  await expect(d.getByText('计算、填写过的人不能审核，请由他人办理。')).toBeVisible()
  await expect(d.getByRole('button', { name: '审核通过' })).toHaveCount(0)
  const path = new URL(d.url()).pathname
  expect(await violations(d, 1440)).toEqual([])

  // What a loss came from is one click from its words.
  const run = (await (await (await api(browser, 'office')).get(`/api/v1${path}`)).json()) as {
    groups: { rows: { unit: { id: number; name: string }; scored: boolean; points: string }[] }[]
  }
  const rows = run.groups.flatMap(g => g.rows).filter(r => r.scored)
  expect(rows.length).toBeGreaterThan(10)
  const worst = rows[rows.length - 1]!
  await d.locator('main').getByRole('link', { name: worst.unit.name, exact: true }).click()
  await expect(d.getByRole('heading', { name: worst.unit.name })).toBeVisible()
  await expect(d.locator('.sco-how p').filter({ hasNotText: /没有扣分|来源/ }).first()).toHaveText(/，得 0$|−|扣|减/)
  expect(await violations(d, 1440)).toEqual([])
  await d.locator('main a[href^="/visits/"]').first().click()
  await expect(d).toHaveURL(/\/visits\//)

  // The leader, who computed and entered nothing.
  const leader = await seat(browser, 'leader')
  await leader.page.goto(path)
  await leader.page.getByRole('button', { name: '审核通过' }).click()
  await expect(leader.page.getByText('已审核')).toBeVisible()
  await leader.page.getByRole('button', { name: '公示' }).click()
  await expect(leader.page.getByText(/^异议到/)).toBeVisible()

  // A street on a phone, and in English.
  for (const lang of ['zh', 'en'] as const) {
    const street = await seat(browser, 'yuxiang', 390, lang)
    const p = street.page
    for (const at of [path, `${path}/units/${await own(street.context, path)}`]) {
      await p.goto(at)
      await expect(p.locator('main h1')).toBeVisible()
      expect(await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
      expect(await violations(p, 390)).toEqual([])
      if (lang === 'en') expect(await chinese(p, [...words])).toEqual([])
    }
    await street.context.close()
  }
  expect([...office.errors, ...leader.errors]).toEqual([])
  await office.context.close()
  await leader.context.close()
})

/** A unit of a street in a run that has a score. */
async function own(context: { request: { get: (url: string) => Promise<{ json: () => Promise<unknown> }> } }, path: string): Promise<number> {
  const run = (await (await context.request.get(`${base()}/api/v1${path}`)).json()) as { groups: { rows: { unit: { id: number }; scored: boolean }[] }[] }
  return run.groups.flatMap(g => g.rows).find(r => r.scored)!.unit.id
}
