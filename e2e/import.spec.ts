import { expect, test } from './drift'
import { api, operation, seat } from './desk'
import { Job } from './job'
import { workbook as book } from './xlsx'

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
  const faulty = s.page.getByRole('table').locator('[aria-invalid=true]')
  await expect(s.page.getByText('共 5,000 行', { exact: true })).toBeVisible({ timeout: 40_000 })
  await expect(faulty).toHaveCount(7)
  await s.page.screenshot({ path: '../out/shots/import-mend-1440-zh.png' })
  // the three misspelt units at once, the others one by one
  await j.tap(s.page.getByRole('button', { name: '相同的 3 行一起改' }).first())
  await expect(faulty).toHaveCount(4)
  const cell = (row: number) => faulty.and(s.page.getByLabel(`第 ${row} 行，`))
  for (const [row, text] of [[335, '2020-02-29'], [2602, '35'], [5001, '5']] as const) {
    await j.fill(cell(row), text)
    await j.key('Enter')
    await expect(cell(row)).toHaveCount(0)
  }
  await j.give(cell(1502).selectOption('入户'))
  await expect(faulty).toHaveCount(0)
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

test('job: a workbook with a cover, months, merged cells, a unit in the title and totals, from drop to right figures', async ({ browser }) => {
  const s = await seat(browser, 'yuxiang')
  const call = await api(browser, 'yuxiang')
  const head = ['单位', '日期', '主题', '受众（百人次）']
  const file = book([
    { name: '封面', rows: [['榆巷街道2020年宣传活动台账'], ['填报人：', '审核人：']] },
    { name: '11月', rows: [['单位：人次'], head, ['古槐社区', '2020-11-07', '封面册讲座', 1.2], ['织里社区', '2020-11-08', '封面册联合', 3], ['南窗社区', '', '', ''], ['合计', '', '', 4.2]], merged: ['B4:B5', 'C4:C5', 'D4:D5'] },
    { name: '12月', rows: [head, ['古槐社区', '2020.12.7', '封面册培训', '80人'], ['小计', '', '', 0.8], ['备注：以上为12月数据', '', '', '']] },
    { name: '汇总', rows: [head, ['榆巷街道', '2020-12-31', '封面册全年', 5]] },
  ])
  const mine = async () => {
    const r = (await (await call.get('/api/v1/entries?kind=publicity-session&q=封面册&size=50')).json()) as { rows: { id: string; title: string }[] }
    return Promise.all(r.rows.map(async e => ((await (await call.get(`/api/v1/entries/${e.id}`)).json()) as { values: { topic: string; audience?: number } }).values))
  }
  await s.page.goto('/import?kind=publicity-session')
  const j = new Job(s.page, 'a workbook of months', { taps: 12, fields: 2, seconds: 60 })
  await j.give(s.page.locator('input[type=file]').setInputFiles({ name: '封面册.xlsx', mimeType: 'application/octet-stream', buffer: file }))
  const told = s.page.getByRole('region', { name: '读取说明' })
  await expect(told).toContainText('已读取工作表：11月、12月')
  await expect(told).toContainText('没有读取的工作表：封面（2）、汇总（2）')
  await expect(told).toContainText('按百人次读取')
  await expect(s.page.getByText('合并单元格里的 3 只在第一行计一次').first()).toBeVisible()
  await s.page.screenshot({ path: '../out/shots/import-told-1440-zh.png', fullPage: true })
  await j.tap(s.page.getByRole('button', { name: '改为“—”' }))
  await j.tap(s.page.getByRole('button', { name: '导入 4 行' }))
  await expect(s.page.getByText('已导入并报送 4 条')).toBeVisible()
  j.done()
  const kept = await mine()
  expect(kept.map(v => `${v.topic} ${v.audience ?? '—'}`).sort()).toEqual(['封面册培训 80', '封面册联合 300', '封面册联合 —', '封面册讲座 120'])
  await s.page.getByRole('button', { name: '撤销这次导入' }).click()
  await s.page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(s.page.getByRole('heading', { name: /已撤销/ })).toBeVisible()
  // the same file on a phone, in English: what was set aside can be seen, and the whole be thrown away
  const p = await seat(browser, 'yuxiang', 390, 'en')
  await p.page.goto('/import?kind=publicity-session')
  await p.page.locator('input[type=file]').setInputFiles({ name: '封面册.xlsx', mimeType: 'application/octet-stream', buffer: file })
  await expect(p.page.getByRole('region', { name: 'How the file was read' })).toBeVisible()
  await p.page.getByRole('button', { name: /^No records/ }).click()
  await expect(p.page.getByText('“合计” is a row of totals and no record').first()).toBeVisible()
  await p.page.screenshot({ path: '../out/shots/import-told-390-en.png', fullPage: true })
  await p.page.getByRole('button', { name: 'Discard' }).click()
  expect([...s.errors, ...p.errors]).toEqual([])
})

/** Somebody's own sheet: a heading, numbered rows, columns called otherwise, no unit, one column more. */
const own = (month: string, last: string) =>
  Buffer.from(
    '\ufeff' +
      [
        `某街道${month}月宣传活动统计表`,
        `序号,活动时间,活动内容,活动形式,参加人数,备注${last}`,
        ...Array.from({ length: 6 }, (_, i) => `${i + 1},2020-${month}-${String(i + 10)},${month}月分类活动${i + 1},入户,${20 + i},晴`),
      ].join('\n'),
  )

for (const [width, lang] of [
  [1440, 'zh'],
  [390, 'en'],
] as const)
  test(`a sheet with columns of its own is read once they are assigned, and the next time as it was said (${width} ${lang})`, async ({ browser }) => {
    const s = await seat(browser, 'yuxiang', width, lang)
    const { page } = s
    const last = `${width}${Date.now()}` // titles that nobody has assigned yet
    const t = lang === 'zh' ? { read: '按此读入', keep: '导入 6 行', kept: '已导入并报送 6 条', undo: '撤销这次导入', again: '再导入一份', topic: /^主题/, day: /^日期/, people: /^受众/, form: /^形式/, said: '列已按对应关系读入' } : { read: 'Read it so', keep: 'Import 6 rows', kept: /6 records/, undo: 'Undo this import', again: 'Import another', topic: /^Topic/, day: /^(Date|Day)/, people: /^Audience/, form: /^Form/, said: 'columns read as assigned' }
    await page.goto('/import?kind=publicity-session')
    await page.locator('input[type=file]').setInputFiles({ name: `${width}-11.csv`, mimeType: 'text/csv', buffer: own('11', last) })
    const panel = page.getByRole('region', { name: lang === 'zh' ? '文件里的哪一列是什么' : 'Which column is which' })
    await expect(panel).toBeVisible()
    // the unit of every row is the person's own until he says otherwise
    await expect(panel.getByRole('textbox').first()).toHaveValue('榆巷街道')
    await page.screenshot({ path: `../out/shots/import-assign-${width}-${lang}.png`, fullPage: true })
    // what offices call these columns is proposed; a column that is needed and left out is asked for
    await expect(panel.getByLabel(t.topic).first()).toHaveValue('2')
    await expect(panel.getByLabel(t.day).first()).toHaveValue('1')
    await panel.getByLabel(t.topic).first().selectOption('')
    await page.getByRole('button', { name: t.read }).click()
    await expect(panel.getByText(lang === 'zh' ? /^这一列必须有/ : /^This column is needed/).first()).toBeVisible()
    await panel.getByLabel(t.topic).first().selectOption('2')
    await panel.getByLabel(t.people).first().selectOption('4')
    await panel.getByLabel(t.form).first().selectOption('3')
    await expect(panel).toContainText('11月分类活动1')
    await page.getByRole('button', { name: t.read }).click()
    await expect(page.getByText(t.said)).toBeVisible()
    await page.screenshot({ path: `../out/shots/import-assigned-${width}-${lang}.png`, fullPage: true })
    await page.getByRole('button', { name: t.keep }).click()
    await expect(page.getByText(t.kept).first()).toBeVisible()
    await page.getByRole('button', { name: t.again }).click()
    await page.locator('input[type=file]').setInputFiles({ name: `${width}-12.csv`, mimeType: 'text/csv', buffer: own('12', last) })
    // a text stands in every row: what was said is offered, the person confirms it
    await expect(panel).toContainText('12月分类活动1')
    await page.getByRole('button', { name: t.read }).click()
    await expect(page.getByText(t.said)).toBeVisible()
    await expect(page.getByRole('button', { name: t.keep })).toBeVisible()
    // left as it was found
    const call = await api(browser, 'yuxiang')
    const runs = (await (await call.get('/api/v1/import-runs')).json()) as { items: { id: string; name: string; state: string }[] }
    for (const r of runs.items.filter(x => x.name.startsWith(`${width}-`)))
      if (r.state === 'kept') await call.post(`/api/v1/import-runs/${r.id}/undo`, { headers: { 'Idempotency-Key': operation() } })
      else await call.delete(`/api/v1/import-runs/${r.id}`, { headers: { 'Idempotency-Key': operation() } })
    expect(s.errors).toEqual([])
  })
