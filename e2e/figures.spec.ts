import { expect, test } from './drift'
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { api, seat } from './desk'

/** The first sheet of a workbook. */
function sheet(xlsx: Buffer): string {
  let end = xlsx.length - 22
  while (xlsx.readUInt32LE(end) !== 0x06054b50) end--
  let at = xlsx.readUInt32LE(end + 16)
  for (let i = xlsx.readUInt16LE(end + 10); i > 0; i--) {
    const [packed, nameLength, extra, comment, local] = [xlsx.readUInt32LE(at + 20), xlsx.readUInt16LE(at + 28), xlsx.readUInt16LE(at + 30), xlsx.readUInt16LE(at + 32), xlsx.readUInt32LE(at + 42)]
    if (xlsx.toString('utf8', at + 46, at + 46 + nameLength) === 'xl/worksheets/sheet1.xml') {
      const start = local + 30 + xlsx.readUInt16LE(local + 26) + xlsx.readUInt16LE(local + 28)
      const body = xlsx.subarray(start, start + packed)
      return (xlsx.readUInt16LE(at + 10) === 8 ? inflateRawSync(body) : body).toString('utf8')
    }
    at += 46 + nameLength + extra + comment
  }
  throw new Error('no sheet')
}

test('a figure, its panel, its ledger, its Excel file and the API say the same', async ({ browser }) => {
  const s = await seat(browser, 'office')
  const r = await api(browser, 'office')
  const { unit } = (await (await r.get('/api/v1/me')).json()) as { unit: { id: number } }
  const figure = (await (await r.get(`/api/v1/figures/publicity.sessions?unit=${unit.id}&period=2020`)).json()) as { value: number; display: string; counted: { records: number }; uncounted: { n: number }[] }

  // In the text of the summary, opened.
  const inText = s.page.locator('[data-n]').filter({ hasText: new RegExp(`^${figure.display}$`) }).first()
  await inText.click()
  const panel = s.page.getByRole('complementary', { name: '数字来源' })
  await expect(panel.getByTestId('panel-value')).toContainText(figure.display)
  const out = figure.uncounted.reduce((a, b) => a + b.n, 0)
  await expect(panel.getByRole('row', { name: /登记合计/ })).toContainText(String(figure.counted.records + out))

  // Its records, in the ledger.
  await panel.getByRole('link', { name: `在台账中打开 ${figure.counted.records} 条` }).click()
  await expect(s.page).toHaveURL(/\/ledger\/publicity-session\?.*counts_in=publicity\.sessions/)
  const total = s.page.getByRole('region', { name: '合计' })
  await expect(s.page.getByTestId('total')).toHaveText(`共 ${figure.counted.records} 条`)
  await expect(total.locator('[data-figure="publicity.sessions"]')).toHaveText(figure.display)
  const listed = (await (await r.get(`/api/v1/entries?kind=publicity-session&unit=${unit.id}&period=2020&counts_in=publicity.sessions`)).json()) as { total: number }
  expect(listed.total).toBe(figure.counted.records)

  // The same list as an Excel file.
  const [file] = await Promise.all([s.page.waitForEvent('download'), s.page.getByRole('link', { name: '导出 Excel' }).click()])
  expect(file.suggestedFilename()).toMatch(/^宣传培训场次.*2020\.xlsx$/)
  const numbers = new Set(sheet(readFileSync(await file.path())).match(/XC-\d{4}-\d{4}/g))
  expect(numbers.size).toBe(figure.counted.records)

  // The figure in the line above the list opens the same panel.
  await total.locator('[data-figure="publicity.sessions"]').click()
  await expect(s.page.getByTestId('panel-value')).toContainText(figure.display)
  expect(s.errors).toEqual([])
  await s.context.close()
})
