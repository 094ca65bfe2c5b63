import { expect, test } from './drift'
import { account, api, base, operation, seat } from './desk'
import { png } from './photo'

const topic = '冬季厨余破袋现场课'

test('one record flows from a form to a sentence in an issued document', async ({ browser }) => {
  test.setTimeout(150_000)
  // The leader looks at the living summary and keeps it open.
  const leader = await seat(browser, 'leader')
  const sessions = leader.page.locator('[data-n]').filter({ hasText: /^338$/ })
  await expect(sessions).toBeVisible()

  // A clerk at 390 px enters a session with two photos; the page is reloaded in the middle.
  const clerk = await seat(browser, 'yuxiang.jb', 390)
  let uploads = 0
  clerk.page.on('response', r => { if (r.request().method() === 'PUT' && r.url().includes('/blobs/') && r.ok()) uploads++ })
  await clerk.page.goto('/new/publicity-session')
  await clerk.page.getByLabel('主题').fill(topic)
  await clerk.page.locator('input[type=file]').first().setInputFiles([{ name: 'a.png', mimeType: 'image/png', buffer: png(90, 130, 110) }, { name: 'b.png', mimeType: 'image/png', buffer: png(40, 60, 120) }])
  await expect(clerk.page.getByRole('group', { name: /照片/ }).getByRole('img')).toHaveCount(2)
  await expect.poll(() => uploads).toBe(2)
  await clerk.page.waitForTimeout(700) // the draft is kept a moment after the last change
  await clerk.page.reload()
  await expect(clerk.page.getByLabel('主题')).toHaveValue(topic)
  await expect(clerk.page.locator('img[src*="/blobs/"]')).toHaveCount(2)
  await clerk.page.getByRole('textbox', { name: '受众' }).or(clerk.page.getByRole('spinbutton', { name: '受众' })).first().fill('45')
  await clerk.page.getByRole('radio', { name: '清点' }).check()
  await clerk.page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(clerk.page.getByText(/XC-2020-\d{4}/).first()).toBeVisible()
  const number = (await clerk.page.getByText(/XC-2020-\d{4}/).first().textContent())!.match(/XC-2020-\d{4}/)![0]

  // The street returns it by keyboard, with a reason.
  const street = await seat(browser, 'yuxiang')
  await street.page.goto('/verify')
  const waiting = street.page.getByText(topic).first()
  await waiting.click()
  await expect(street.page.getByRole('heading', { name: topic })).toBeVisible()
  await street.page.keyboard.press('r')
  await street.page.getByRole('textbox').last().fill('签到表是 54 人，请核对')
  await street.page.keyboard.press('Enter')
  await expect(street.page.getByRole('heading', { name: topic })).toHaveCount(0)

  // It comes back to the clerk's bench with the reason; he corrects it and hands it in again.
  await clerk.page.goto('/bench')
  await expect(clerk.page.getByText('签到表是 54 人，请核对').first()).toBeVisible()
  await clerk.page.getByRole('link').filter({ hasText: topic }).first().click()
  if (!/edit/.test(clerk.page.url())) await clerk.page.getByRole('link', { name: /修改|更正/ }).or(clerk.page.getByRole('button', { name: /修改|更正/ })).first().click()
  await clerk.page.getByRole('textbox', { name: '受众' }).or(clerk.page.getByRole('spinbutton', { name: '受众' })).first().fill('54')
  await clerk.page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(clerk.page.getByText(number).first()).toBeVisible()

  // The street verifies by keyboard, and the leader sees 338 become 339 without a reload.
  await street.page.goto('/verify')
  await street.page.getByText(topic).first().click()
  await expect(street.page.getByRole('heading', { name: topic })).toBeVisible()
  // what it will change is told of the street, whose figures it may open, not of the district
  const effect = street.page.locator('table.eff')
  await expect(effect.getByRole('row', { name: /榆巷街道 .*→/ }).first()).toBeVisible()
  await expect(effect).not.toContainText('339')
  await street.page.keyboard.press('a')
  await expect(street.page.getByRole('heading', { name: topic })).toHaveCount(0)
  const more = leader.page.locator('[data-n]').filter({ hasText: /^339$/ })
  await expect(more).toBeVisible({ timeout: 15_000 })

  // He follows it to the record and its photo.
  await more.click()
  await expect(leader.page.getByText('上年同期').first()).toBeVisible()
  await leader.page.getByText(topic).first().click()
  await expect(leader.page.getByText(number).first()).toBeVisible()
  await expect(leader.page.locator('img[src*="/blobs/"]').first()).toBeVisible()

  // He issues the summary.
  await leader.page.goto('/')
  await leader.page.getByRole('button', { name: '签发', exact: true }).click()
  await leader.page.getByRole('dialog').getByRole('button', { name: /签发/ }).click()
  await expect(leader.page.getByText(/云分类办〔2020〕1号/).first()).toBeVisible({ timeout: 20_000 })

  // A void shows as a difference with who and why; the issued text stays.
  const office = await api(browser, 'office')
  const found = await (await office.get(`/api/v1/entries?kind=publicity-session&q=${number}`)).json()
  const entry = found.rows[0]
  const voided = await office.post(`/api/v1/entries/${entry.id}/void`, { data: { reason: '与前一场重复登记' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${entry.rev}"` } })
  expect(voided.status(), await voided.text()).toBe(200)
  await leader.page.goto('/documents')
  await leader.page.getByText('生活垃圾分类工作总结').first().click()
  await expect(leader.page.getByText('与前一场重复登记').first()).toBeVisible()
  await expect(leader.page.getByText(account('office').name).first()).toBeVisible()
  await expect(leader.page.locator('[data-n]').filter({ hasText: /^339$/ }).first()).toBeVisible()

  // A person of another street sees none of it.
  const others = await (await browser.newContext({ baseURL: base() })).request
  const firm = account('firm')
  await others.post('/api/v1/session', { data: { login: firm.login, password: firm.password } })
  expect((await others.get(`/api/v1/entries/${entry.id}`)).status()).toBe(404)
  expect((await others.get(`/api/v1/blobs/${entry.thumb}?size=thumb`)).status()).toBe(404)
  for (const s of [leader, clerk, street]) expect(s.errors).toEqual([])
})
