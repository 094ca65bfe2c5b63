import { expect, test } from './drift'
import { readFileSync } from 'node:fs'
import { api, seat } from './desk'

// "How many sessions did this street hold in the second quarter, and which?" in five clicks from the start page, and the
// same number everywhere on the way.
test('catalogue, figure, unit and quarter, records', async ({ browser }) => {
  const s = await seat(browser, 'office')
  const { page } = s
  const r = await api(browser, 'office')
  const me = (await (await r.get('/api/v1/me')).json()) as { unit: { id: number } }
  type Page = { value: number; display: string; units: { unit: { id: number; name: string }; value: number; columns: string[] }[]; own: { value: number } | null; records_total: number }
  const whole = (await (await r.get(`/api/v1/figures/publicity.sessions/page?unit=${me.unit.id}&period=2020`)).json()) as Page
  expect(whole.units.reduce((n, u) => n + u.value, whole.own?.value ?? 0)).toBe(whole.value)

  await page.getByRole('navigation', { name: '主导航' }).getByRole('button', { name: '更多' }).click() // 1
  await page.getByRole('dialog').getByRole('link', { name: '指标' }).click() // 2
  const row = page.getByRole('listitem').filter({ has: page.locator('[data-figure="publicity.sessions"]') })
  await expect(row.getByTestId('figure-value')).toHaveText(whole.display)
  await row.getByRole('link').click() // 3
  await expect(page.getByTestId('page-value')).toContainText(whole.display)
  await expect(page.getByTestId('units-total')).toHaveText(whole.display)

  const street = whole.units[0]!
  const quarter = street.columns[1]!
  await page.getByRole('button', { name: `${street.unit.name}二季度：${quarter}` }).click() // 4
  await expect(page).toHaveURL(new RegExp(`unit=${street.unit.id}.*period=2020-Q2|period=2020-Q2.*unit=${street.unit.id}`))
  await expect(page.getByTestId('page-value')).toContainText(quarter)
  await expect(page.getByRole('table', { name: '明细' }).locator('tbody').getByRole('row')).toHaveCount(Math.min(Number(quarter), 50)) // which
  await page.getByRole('link', { name: `在台账中打开 ${quarter} 条` }).click() // 5
  await expect(page.getByTestId('total')).toHaveText(`共 ${quarter} 条`)
  await expect(page.getByRole('region', { name: '合计' }).locator('[data-figure="publicity.sessions"]')).toHaveText(quarter)

  // Back on the figure, a month of the trend is a way in too, and its own page agrees with the bar.
  await page.goBack()
  await page.getByRole('button', { name: '2020年5月' }).click()
  const may = (await (await r.get(`/api/v1/figures/publicity.sessions?unit=${street.unit.id}&period=2020-05`)).json()) as Page
  await expect(page.getByTestId('page-value')).toContainText(may.display)
  expect(s.errors).toEqual([])
  await s.context.close()
})

test('a figure as a picture and as a file', async ({ browser }) => {
  const s = await seat(browser, 'office')
  const { page } = s
  await page.goto('/figures/publicity.audience?period=2020')
  const total = (await page.getByTestId('units-total').textContent())!.replace(/,/g, '')
  const trend = page.getByRole('region', { name: /趋势/ }).first()
  const take = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), trend.getByText(name, { exact: true }).click()])
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
  }
  // by quarters: four bars that make the year
  await page.getByRole('button', { name: '按季' }).click()
  await expect(page.getByRole('button', { name: '2020年第四季度' })).toBeVisible()
  await page.getByRole('button', { name: '按月' }).click()
  const svg = await take('图片 SVG')
  expect(svg.name).toMatch(/宣传人数.*\.svg$/)
  expect(svg.bytes.toString('utf8')).toContain('宣传人数')
  expect(svg.bytes.toString('utf8')).not.toContain('data-screen')
  expect((await take('图片 PNG')).bytes.subarray(1, 4).toString()).toBe('PNG')
  const units = page.getByRole('region', { name: /按单位/ }).first()
  const [csv] = await Promise.all([page.waitForEvent('download'), units.getByText('CSV', { exact: true }).click()])
  const lines = readFileSync(await csv.path()).toString('utf8').trim().split(/\r\n/)
  expect(lines.at(-1)).toContain(`合计,`)
  expect(lines.at(-1)).toContain(`,${total},`)
  const sum = lines.slice(1, -1).reduce((n, l) => n + Number(l.split(',')[2]), 0)
  expect(String(sum)).toBe(total)
  expect(s.errors).toEqual([])
  await s.context.close()
})

test('what is not done, and two periods side by side', async ({ browser }) => {
  const s = await seat(browser, 'office')
  const { page } = s
  const r = await api(browser, 'office')
  const p = (await (await r.get('/api/v1/figures/coverage.estates/page?period=2020')).json()) as { part: number; of: number; not_done: { total: number } }
  expect(p.of - p.part).toBe(p.not_done.total)
  await page.goto('/figures/coverage.estates?period=2020')
  await expect(page.getByTestId('page-terms')).toHaveText(`${p.part} / ${p.of}`)
  await expect(page.getByRole('img', { name: new RegExp(`应做 ${p.of} 个，已做到 ${p.part} 个`) })).toBeVisible()
  await page.getByTestId('not-done').getByRole('link').first().click()
  await expect(page).toHaveURL(/\/units\?/)
  await page.goto('/figures/publicity.sessions?period=2020')
  await page.getByRole('button', { name: /与这个期间比/ }).click()
  await page.getByRole('group', { name: '选择期间' }).getByRole('button', { name: '上一年' }).click()
  await page.getByRole('group', { name: '选择期间' }).getByRole('button', { name: '全年' }).click()
  await page.getByRole('button', { name: '添加单位' }).click()
  await page.keyboard.type('榆巷')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('compare').locator('tbody').getByRole('row')).toHaveCount(2)
  await expect(page.getByTestId('compare')).toContainText('榆巷')
  expect(s.errors).toEqual([])
  await s.context.close()
})
