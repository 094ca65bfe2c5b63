import { expect, test, type Page } from './drift'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { account, api, seat, dataDir } from './desk'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Nothing to fault for people who cannot see or point. */
async function reachable(page: Page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const faults = await page.evaluate(async () => {
    type Axe = { run: (d: Document, o: object) => Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> }
    const res = await (window as unknown as { axe: Axe }).axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, resultTypes: ['violations'] })
    return res.violations.map(v => `${v.id} ×${v.nodes.length} ${v.nodes[0]!.target.join(' ')}`)
  })
  expect(faults).toEqual([])
}

/** No page is wider than its window. */
const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

// A target with monthly steps, from the page that says there is none to the page and the bench that compare with it.
test('a figure against its plan', async ({ browser }) => {
  test.setTimeout(240_000) // four sign-ins and eight looks by axe
  const office = await seat(browser, 'office')
  const { page } = office
  const r = await api(browser, 'office')
  const me = (await (await r.get('/api/v1/me')).json()) as { district: { unit: number }; unit: { id: number } }
  const unit = me.district.unit
  type Plan = { now: number; value: number; permille: number; left_display: string; expected: number; state: string }
  type Figure = { value: number; display: string; plan: { targets: Plan[] } }
  const read = async (per: string) => (await (await r.get(`/api/v1/figures/base.visitors/page?unit=${unit}&period=${per}`)).json()) as Figure
  const year = await read('2020')
  expect(year.plan.targets).toEqual([])

  await page.goto(`/figures/base.visitors?unit=${unit}&period=2020`)
  await expect(page.getByText(/^没有目标/)).toBeVisible()
  await reachable(page)
  await page.getByRole('link', { name: '定一个目标' }).click()
  const dialog = page.getByRole('dialog')
  const goal = Math.max(12, Math.ceil(year.value / 12) * 12 + 120)
  await dialog.getByLabel('全年目标').fill(String(goal))
  await dialog.getByLabel('按月分解').check()
  // a row pasted from a spreadsheet, July smaller than June
  const steps = Array.from({ length: 12 }, (_, i) => Math.round((goal * (i + 1)) / 12))
  const paste = (list: (number | string)[]) =>
    dialog.getByLabel('3月底累计').evaluate((e, text) => {
      const data = new DataTransfer()
      data.setData('text', text)
      e.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, list.join('\t'))
  await paste(steps.map((n, i) => (i === 6 ? 1 : n)))
  await expect(dialog.getByLabel('1月底累计', { exact: true })).toHaveValue(String(steps[0]))
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog.getByRole('alert')).toContainText('7月累计 1')
  await expect(dialog.getByLabel('7月底累计')).toBeFocused()
  await reachable(page)
  await dialog.getByRole('button', { name: '平均分到各月' }).click()
  await expect(dialog.getByLabel('7月底累计')).toHaveValue(String(steps[6]))
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toHaveCount(0)

  // The page: the value is the figure itself, the step that of the period's last day.
  const half = await read('2020-01-01..2020-07-01')
  const t = half.plan.targets[0]!
  expect(t.now).toBe(half.value)
  expect(t.expected).toBe(steps[5])
  for (const width of [1440, 390]) {
    const s = await seat(browser, 'office', width)
    await s.page.goto(`/figures/base.visitors?unit=${unit}&period=2020`)
    const box = s.page.getByTestId('target')
    await expect(box.getByTestId('target-value')).toContainText(goal.toLocaleString('en'))
    await expect(box.getByTestId('target-left')).toContainText((await read('2020')).plan.targets[0]!.left_display)
    await expect(s.page.locator('svg [data-plan]')).toHaveCount(12)
    if (width > 1000) await expect(s.page.getByTestId('plan-step').nth(5)).toHaveText(String(steps[5]! - steps[4]!))
    await s.page.goto(`/figures/base.visitors?unit=${unit}&period=2020-01-01..2020-07-01`)
    await expect(s.page.getByTestId('target-step')).toContainText(`到6月底应达 ${steps[5]!.toLocaleString('en')}`)
    await reachable(s.page)
    expect(await wide(s.page)).toBeLessThanOrEqual(0)
    // the bench: the same target, a way to the figure's page
    await s.page.goto(`/bench?unit=${unit}&period=2020`)
    const row = s.page.getByRole('row').filter({ has: s.page.locator('[data-figure="base.visitors"]') })
    await expect(row.getByTestId('bench-target')).toContainText(`目标 ${goal.toLocaleString('en')}`)
    await expect(row).toContainText(year.display)
    await reachable(s.page)
    expect(await wide(s.page)).toBeLessThanOrEqual(0)
    await row.getByRole('link').first().click()
    await expect(s.page.getByTestId('page-value')).toContainText(year.display)
    expect(s.errors).toEqual([])
    await s.context.close()
  }
  // a period over two years has none, and says so
  await page.goto(`/figures/base.visitors?unit=${unit}&period=2019-07-01..2020-07-01`)
  await expect(page.getByText('目标按年定，这个期间跨了年')).toBeVisible()
  expect(office.errors).toEqual([])
  await office.context.close()
})

test('a task for a person is on that person’s bench', async ({ browser }) => {
  const office = await seat(browser, 'office')
  const { page } = office
  await page.goto('/plan?period=2020')
  await page.getByRole('button', { name: '加任务' }).click()
  const dialog = page.getByRole('dialog')
  const title = `核对投放点台账 ${Date.now() % 100000}`
  await dialog.getByLabel('任务内容').fill(title)
  await dialog.getByLabel('责任单位').click()
  await page.keyboard.type('榆巷街道')
  await page.keyboard.press('Enter')
  await dialog.getByLabel('责任人').selectOption({ label: account('yuxiang').name })
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: title })).toContainText(account('yuxiang').name)
  await office.context.close()

  const street = await seat(browser, 'yuxiang', 390)
  await street.page.goto('/bench')
  const item = street.page.getByRole('listitem').filter({ hasText: title }).filter({ hasText: '前办结' })
  await expect(item).toBeVisible()
  await reachable(street.page)
  await item.getByRole('link', { name: '去办' }).click()
  const finish = street.page.getByRole('dialog')
  await finish.getByLabel('办结情况').fill('已逐点核对')
  await finish.getByRole('button', { name: '报办结' }).click()
  await expect(finish).toHaveCount(0)
  await street.page.goto('/bench')
  await expect(street.page.getByRole('heading', { name: /我要办/ })).toBeVisible()
  await expect(street.page.getByRole('listitem').filter({ hasText: title }).filter({ hasText: '前办结' })).toHaveCount(0)
  expect(street.errors).toEqual([])
  await street.context.close()
})

test('a figure on the district’s own outlines', async ({ browser }) => {
  const r = await api(browser, 'office')
  type Page_ = { units: { unit: { id: number; name: string }; display: string; value: number }[] }
  const me = (await (await r.get('/api/v1/me')).json()) as { district: { unit: number } }
  const p = (await (await r.get(`/api/v1/figures/publicity.sessions/page?unit=${me.district.unit}&period=2020`)).json()) as Page_
  for (const width of [1440, 390]) {
    const s = await seat(browser, 'office', width)
    await s.page.goto(`/figures/publicity.sessions?unit=${me.district.unit}&period=2020`)
    const map = s.page.getByRole('img', { name: /分布图/ })
    const towns = p.units.filter(u => /街道$|镇$|经开区$/.test(u.unit.name))
    for (const u of towns) await expect(map.locator('text', { hasText: new RegExp(`^${u.display}$`) }).first()).toBeVisible()
    // darker is more
    const shades = await Promise.all(towns.map(async u => ({ v: u.value, s: Number(await map.locator(`[data-unit="${u.unit.id}"]`).getAttribute('data-shade')) })))
    for (const a of shades) for (const b of shades) if (a.v > b.v) expect(a.s).toBeGreaterThanOrEqual(b.s)
    await map.locator(`[data-unit="${towns[0]!.unit.id}"]`).dispatchEvent('click')
    await expect(s.page.getByTestId('page-value')).toContainText(towns[0]!.display)
    expect(s.errors).toEqual([])
    await s.context.close()
  }
})

test('the figures are what their records say', () => {
  const out = spawnSync(join(import.meta.dirname, '..', 'bin', 'sifen'), ['figures', 'verify', '--data', dataDir()], { encoding: 'utf8', timeout: 120_000 })
  expect(out.stdout + out.stderr).toContain('drift 0')
  expect(out.status).toBe(0)
})
