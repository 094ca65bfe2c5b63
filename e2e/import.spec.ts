import { expect, test } from './drift'
import { api, seat } from './desk'
import { Job } from './job'

const unit = '榆巷街道'

/** 5,000 sessions of a year as a street keeps them, seven cells wrong. */
function workbook(name: string): Buffer {
  const lines = ['单位,日期,主题,形式,受众']
  for (let i = 0; i < 5000; i++) {
    const day = new Date(Date.UTC(2020, 0, 2) + (i % 360) * 86_400_000).toISOString().slice(0, 10)
    const row = [name, day, `楼道宣传第${i + 1}次`, '入户', String((i % 40) + 1)]
    if ([120, 900, 4100].includes(i)) row[0] = name.replace('街道', '街到')
    if (i === 333) row[1] = '2020-02-31'
    if (i === 1500) row[3] = '入沪'
    if (i === 2600) row[4] = '三十几'
    if (i === 4999) row[4] = '-5'
    lines.push(row.join(','))
  }
  return Buffer.from('\ufeff' + lines.join('\n'))
}

test('job: mend and finish a workbook of 5,000 rows with 7 bad cells, then take it back', async ({ browser }) => {
  test.setTimeout(180_000)
  const s = await seat(browser, 'yuxiang')
  const call = await api(browser, 'yuxiang')
  const me = await (await call.get('/api/v1/me')).json()
  const name: string = me.grants[0].unit.name ?? unit
  const before = (await (await call.get('/api/v1/entries?kind=publicity-session&size=1')).json()).total as number
  await s.page.goto('/import?kind=publicity-session')
  const j = new Job(s.page, 'mend a workbook', { taps: 12, fields: 6, seconds: 90 })
  await j.give(s.page.locator('input[type=file]').setInputFiles({ name: '2020场次.csv', mimeType: 'text/csv', buffer: workbook(name) }))
  await expect(s.page.getByText('共 5,000 行', { exact: true })).toBeVisible({ timeout: 40_000 })
  await expect(s.page.locator('.cell.bad')).toHaveCount(7)
  await s.page.screenshot({ path: '../out/shots/import-mend-1440-zh.png' })
  // the three misspelt units at once, the others one by one
  await j.tap(s.page.getByRole('button', { name: '相同的 3 行一起改' }).first())
  await expect(s.page.locator('.cell.bad')).toHaveCount(4)
  const cell = (row: number) => s.page.locator('tr', { has: s.page.locator(`td.ln:text-is("${row}")`) }).locator('.cell.bad input, .cell.bad select')
  for (const [row, text] of [[335, '2020-02-29'], [2602, '35'], [5001, '5']] as const) {
    await j.fill(cell(row), text)
    await j.key('Enter')
    await expect(cell(row)).toHaveCount(0)
  }
  await j.give(cell(1502).selectOption('入户'))
  await expect(s.page.locator('.cell.bad')).toHaveCount(0)
  await j.tap(s.page.getByRole('button', { name: '导入 5,000 行' }))
  await expect(s.page.getByText('已导入并报送 5,000 条')).toBeVisible({ timeout: 60_000 })
  j.done()
  const after = (await (await call.get('/api/v1/entries?kind=publicity-session&size=1')).json()).total as number
  expect(after - before).toBe(5000)
  // the same file again: nothing new but the rows that were mended
  await s.page.getByRole('button', { name: '再导入一份' }).click()
  await expect(s.page.getByText('2020场次.csv').first()).toBeVisible()
  await s.page.getByText('2020场次.csv').first().click()
  await s.page.getByRole('button', { name: '撤销这次导入' }).click()
  await s.page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(s.page.getByRole('heading', { name: /已撤销/ })).toBeVisible({ timeout: 60_000 })
  expect((await (await call.get('/api/v1/entries?kind=publicity-session&size=1')).json()).total).toBe(before)
  expect(s.errors).toEqual([])
})
