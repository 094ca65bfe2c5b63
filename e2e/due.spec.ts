import { expect, test } from './drift'
import { seat } from './desk'
import { Job } from './job'

test('job: find and remind who has not delivered', async ({ browser }) => {
  const s = await seat(browser, 'office')
  await s.page.goto('/bench')
  const j = new Job(s.page, 'remind', { taps: 4, fields: 0, seconds: 30 })
  const absent = s.page.getByRole('listitem').filter({ hasText: '三件套三入户' }).filter({ has: s.page.getByRole('link', { name: '去催报' }) }).first()
  await expect(absent).toBeVisible()
  await j.tap(absent.getByRole('link', { name: '去催报' }))
  const missingCells = s.page.getByRole('table').getByRole('button', { name: /欠报$/ })
  await expect(missingCells.first()).toBeVisible()
  const missing = await missingCells.count()
  await j.tap(s.page.getByRole('button', { name: `催报 ${missing} 件` }))
  await expect(s.page.getByText(/已提醒/).first()).toBeVisible()
  j.done()
  await s.page.screenshot({ path: '../out/shots/due-1440-zh.png' })
  // the one who owes it reads it on the bench
  const c = await seat(browser, 'yuxiang.jb', 390)
  await c.page.goto('/bench')
  await expect(c.page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await c.page.screenshot({ path: '../out/shots/bench-390-zh.png', fullPage: true })
  expect([...s.errors, ...c.errors]).toEqual([])
})
