import { expect, test } from './drift'
import { api, seat } from './desk'
import { Job } from './job'

test("job: deliver a month's figures of a village in one table", async ({ browser }) => {
  const s = await seat(browser, 'yuxiang.jb')
  const call = await api(browser, 'yuxiang.jb')
  const total = async () => (await (await call.get('/api/v1/entries?kind=printed-material&size=1')).json()).total as number
  const before = await total()
  await s.page.goto('/ledger/printed-material')
  const j = new Job(s.page, 'a month in one table', { taps: 4, fields: 3, seconds: 40 })
  await j.tap(s.page.getByRole('link', { name: '表格登记' }))
  const cell = (row: number, column: string) => s.page.getByLabel(`第 ${row} 行，${column}`)
  await expect(cell(1, '名称')).toBeVisible()
  // copied from a spreadsheet with its head; one kind of material is misspelt
  const text = ['发放日期\t名称\t种类\t份数', ...Array.from({ length: 12 }, (_, i) => `2020-12-${String(i + 3).padStart(2, '0')}\t冬季分类折页${i + 1}\t${i === 7 ? '拆页' : '折页'}\t${100 + i}`)].join('\n')
  await j.give(
    cell(1, '名称').evaluate((el, t) => {
      const data = new DataTransfer()
      data.setData('text/plain', t)
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, text),
  )
  await expect(s.page.getByText('已填 12 行')).toBeVisible()
  await j.tap(s.page.getByRole('button', { name: '提交 12 行' }))
  await expect(s.page.getByRole('alert')).toContainText('第 8 行，种类')
  await s.page.screenshot({ path: '../out/shots/table-1440-zh.png' })
  // a reload keeps what was typed
  await s.page.reload()
  await expect(cell(12, '名称')).toHaveValue('冬季分类折页12')
  await j.give(cell(8, '种类').selectOption('折页'))
  await j.tap(s.page.getByRole('button', { name: '提交 12 行' }))
  await expect(s.page.getByText('已导入并报送 12 条')).toBeVisible()
  j.done()
  expect((await total()) - before).toBe(12)
  await s.page.getByRole('button', { name: '撤销这次导入' }).click()
  await expect.poll(total).toBe(before)
  expect(s.errors).toEqual([])
})

test('two tabs of one table are two tables', async ({ browser }) => {
  const s = await seat(browser, 'yuxiang.jb')
  const cell = (page: typeof s.page) => page.getByLabel('第 1 行，名称')
  await s.page.goto('/table/printed-material')
  await cell(s.page).fill('左边的折页')
  const other = await s.context.newPage()
  await other.goto('/table/printed-material')
  await expect(cell(other)).toHaveValue('')
  await cell(other).fill('右边的折页')
  await s.page.reload()
  await expect(cell(s.page)).toHaveValue('左边的折页')
  await other.reload()
  await expect(cell(other)).toHaveValue('右边的折页')
  expect(s.errors).toEqual([])
})

test('a table on a phone: one row at a time, what the row above holds with one tap', async ({ browser }) => {
  const s = await seat(browser, 'yuxiang.jb', 390)
  const { page } = s
  const call = await api(browser, 'yuxiang.jb')
  const total = async () => (await (await call.get('/api/v1/entries?kind=printed-material&size=1')).json()).total as number
  const before = await total()
  await page.goto('/table/printed-material')
  await page.getByLabel('发放日期').fill('2020-12-05')
  await page.getByLabel('名称').fill('楼道分类折页')
  await page.getByLabel('种类').selectOption('折页')
  await page.getByLabel('份数').fill('120')
  for (const [row, n] of [
    [2, '80'],
    [3, ''],
  ] as const) {
    await page.getByRole('button', { name: '下一行' }).click()
    await expect(page.getByRole('heading', { name: `第 ${row} 行` })).toBeFocused()
    for (const above of ['2020-12-05', '楼道分类折页', '折页']) await page.getByRole('button', { name: `同上：${above}`, exact: true }).click()
    await page.getByLabel('份数').fill(n)
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  await page.getByRole('button', { name: '上一行' }).click()
  await expect(page.getByLabel('份数')).toHaveValue('80')
  // one row lacks its number: it is shown, and mended where it is
  await page.getByRole('button', { name: '提交 3 行' }).click()
  await expect(page.getByRole('alert')).toContainText('第 3 行，份数')
  await expect(page.getByLabel('份数')).toBeFocused()
  await page.screenshot({ path: '../out/shots/table-390-zh.png', fullPage: true })
  await page.getByLabel('份数').fill('60')
  await page.getByRole('button', { name: '提交 3 行' }).click()
  await expect(page.getByText('已导入并报送 3 条')).toBeVisible()
  expect((await total()) - before).toBe(3)
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await expect.poll(total).toBe(before)
  expect(s.errors).toEqual([])
})
