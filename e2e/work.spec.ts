import { expect, test } from './drift'
import { api, operation, seat } from './desk'
import { Job } from './job'
import { png } from './photo'


test('job: record a session with two photos on a phone', async ({ browser }) => {
  const s = await seat(browser, 'yuxiang.jb', 390)
  const { page } = s
  await page.goto('/bench')
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  const j = new Job(page, 'record a session', { taps: 7, fields: 6, seconds: 60 })
  await j.tap(page.getByRole('navigation', { name: '底部导航' }).getByRole('link', { name: '登记' }))
  await j.tap(page.getByRole('link', { name: /^宣传培训场次/ }).first())
  await j.fill(page.getByLabel('主题'), '雨天楼道分类讲解')
  await j.tap(page.getByRole('radio', { name: '入户' }))
  await j.fill(page.getByRole('textbox', { name: '受众' }).or(page.getByRole('spinbutton', { name: '受众' })).first(), '26')
  await j.give(page.locator('input[type=file]').first().setInputFiles([{ name: '1.png', mimeType: 'image/png', buffer: png(120, 90, 60) }, { name: '2.png', mimeType: 'image/png', buffer: png(30, 120, 160) }]))
  await expect(page.getByRole('group', { name: /照片/ }).getByRole('img')).toHaveCount(2)
  await j.tap(page.getByRole('button', { name: '提交', exact: true }))
  await expect(page.getByText(/XC-2020-\d{4}/).first()).toBeVisible()
  j.done()
  const number = (await page.getByText(/XC-2020-\d{4}/).first().textContent())!.match(/XC-2020-\d{4}/)![0]
  // leave the year as it was found
  const clerk = await api(browser, 'yuxiang.jb')
  const found = (await (await clerk.get(`/api/v1/entries?kind=publicity-session&q=${number}`)).json()) as { rows: { id: string; rev: number }[] }
  const office = await api(browser, 'office')
  await clerk.post(`/api/v1/entries/${found.rows[0]!.id}/withdraw`, { headers: { 'Idempotency-Key': operation() } })
  await office.post(`/api/v1/entries/${found.rows[0]!.id}/void`, { data: { reason: '演练' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${found.rows[0]!.rev}"` } })
  expect(s.errors).toEqual([])
})

test('job: verify 50 records by keyboard and return one', async ({ browser }) => {
  test.setTimeout(180_000)
  const clerk = await api(browser, 'yuxiang.jb')
  const me = (await (await clerk.get('/api/v1/me')).json()) as { unit: { id: number } }
  const made: string[] = []
  for (let i = 0; i < 51; i++) {
    const res = await clerk.post('/api/v1/entries', {
      data: { id: operation(), kind: 'printed-material', unit: me.unit.id, values: { given_on: '2020-12-29', name: `键盘五十份折页${i + 1}`, type: 'leaflet', copies: 10 }, submit: true },
      headers: { 'Idempotency-Key': operation() },
    })
    made.push(((await res.json()) as { id: string }).id)
  }
  const s = await seat(browser, 'yuxiang')
  const { page } = s
  await page.goto('/verify?kind=printed-material')
  const queue = page.getByRole('complementary', { name: '待审核列表' }).getByRole('listitem')
  await expect(queue.first()).toBeVisible()
  const at = page.getByRole('complementary', { name: '待审核列表' }).locator('[aria-current=true]')
  const j = new Job(page, 'verify 50, return one', { taps: 110, fields: 1, seconds: 90 })
  const record = page.getByRole('region', { name: '审核记录' })
  let done = 0
  for (let step = 0; step < 51; step++) {
    const before = (await at.textContent())!
    // nobody decides on what he does not see yet: until then the key does nothing
    await expect(record.getByRole('heading', { level: 1 })).toHaveText(/键盘五十份折页\d+/.exec(before)![0])
    await expect(record).toHaveAttribute('aria-busy', 'false')
    if (done === 25) {
      await j.key('r')
      await j.give(page.keyboard.type('份数与照片对不上'))
      await j.key('Enter')
    } else await j.key('a')
    if (++done < 51) await expect(at).not.toHaveText(before)
  }
  j.done()
  await expect
    .poll(async () => {
      const states = await Promise.all(made.map(async id => ((await (await clerk.get(`/api/v1/entries/${id}`)).json()) as { state: string }).state))
      return [states.filter(x => x === 'verified').length, states.filter(x => x === 'returned').length]
    }, { timeout: 20_000 })
    .toEqual([50, 1])
  // leave the year as it was found
  const office = await api(browser, 'office')
  for (const id of made) {
    const e = (await (await clerk.get(`/api/v1/entries/${id}`)).json()) as { rev: number }
    await office.post(`/api/v1/entries/${id}/void`, { data: { reason: '演练' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${e.rev}"` } })
  }
  expect(s.errors).toEqual([])
})
