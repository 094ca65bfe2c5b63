import { expect, test } from './drift'
import { api, operation, seat } from './desk'

const rev = async (r: Awaited<ReturnType<typeof api>>, id: string) => (await (await r.get(`/api/v1/documents/${id}`)).json()).rev as number

test('write, have approved and issue the summary', async ({ browser }) => {
  const office = await seat(browser, 'office')
  const r = await api(browser, 'office')
  const unit = (await (await r.get('/api/v1/me')).json()).district.unit as number
  const made = await r.post('/api/v1/documents', { data: { template: 'annual-summary', unit, period: '2019' }, headers: { 'Idempotency-Key': operation() } })
  const id = (await made.json()).id as string
  await office.page.goto(`/documents/${id}`)

  // Own words below a generated paragraph, with a figure of the catalogue.
  await office.page.getByRole('button', { name: '逐段补充' }).click()
  await office.page.getByRole('button', { name: /^在这一段之后补充/ }).nth(3).click()
  await office.page.getByLabel('自己的文字').fill('另有讲师')
  await office.page.getByRole('button', { name: '插入数字' }).click()
  await office.page.getByRole('searchbox').fill('讲师')
  await office.page.keyboard.press('Enter')
  await expect(office.page.getByLabel('自己的文字')).toHaveValue(/另有讲师\{\{讲师\}\}/)
  await office.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  const own = office.page.getByRole('paragraph').filter({ hasText: '另有讲师' })
  await expect(own).toContainText(/另有讲师\d+/)
  await expect(own.locator('button[data-n]')).toHaveCount(1)
  await office.page.getByRole('button', { name: '与上一稿对照' }).click()
  await expect(office.page.getByRole('dialog').locator('ins')).toContainText('另有讲师')
  await office.page.keyboard.press('Escape')

  // The drafter puts it forward; a leader sends it back, then approves and issues.
  await expect(office.page.getByRole('button', { name: '签发', exact: true })).toHaveCount(0)
  await office.page.getByRole('button', { name: '送审' }).click()
  await expect(office.page.getByText('送审中').first()).toBeVisible()
  const leader = await seat(browser, 'leader')
  await leader.page.goto(`/documents/${id}`)
  await leader.page.getByRole('button', { name: '退回修改' }).click()
  await leader.page.getByLabel('退回原因').fill('请补充讲师情况')
  await leader.page.getByRole('dialog').getByRole('button', { name: '退回修改' }).click()
  await expect(office.page.getByText('请补充讲师情况').first()).toBeVisible()
  await office.page.getByRole('button', { name: '送审' }).click()
  await leader.page.getByRole('button', { name: '批准' }).click()
  await leader.page.getByRole('button', { name: '签发', exact: true }).click()
  await leader.page.getByRole('dialog').getByRole('button', { name: /签发/ }).click()
  await expect(leader.page.getByText(/云分类办〔2020〕\d+号|云汀区分类办〔2020〕\d+号/).first()).toBeVisible({ timeout: 20_000 })
  for (const s of [office, leader]) expect(s.errors).toEqual([])
})

test('try a template on a month', async ({ browser }) => {
  const office = await seat(browser, 'office')
  await office.page.goto('/templates?period=2020-09')
  await office.page.getByRole('listitem').filter({ hasText: '月度通报' }).getByRole('button', { name: '试填' }).click()
  await expect(office.page.getByRole('dialog')).toContainText('关于2020年9月生活垃圾分类工作情况的通报')
  expect(office.errors).toEqual([])
})

test('deliver a notice and see who has not signed', async ({ browser }) => {
  const office = await seat(browser, 'office')
  await office.page.goto('/documents')
  await office.page.getByRole('button', { name: '上传发文' }).click()
  const dialog = office.page.getByRole('dialog')
  await dialog.locator('input[type=file]').setInputFiles({ name: '元旦值守通知.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') })
  await expect(dialog.getByLabel('标题')).toHaveValue('元旦值守通知')
  await dialog.getByRole('button', { name: '上传发文' }).click()
  await office.page.getByRole('button', { name: '指定收文单位' }).click()
  await office.page.getByRole('button', { name: '全部镇街' }).click()
  await expect(office.page.getByText('已选 9 家')).toBeVisible()
  await office.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await office.page.getByRole('button', { name: '送审' }).click()
  await expect(office.page.getByText('送审中').first()).toBeVisible()
  const id = office.page.url().match(/documents\/([0-9a-f-]+)/)![1]!
  const leader = await api(browser, 'leader')
  const issued = await leader.post(`/api/v1/documents/${id}/issue`, { headers: { 'Idempotency-Key': operation(), 'If-Match': `"${await rev(leader, id)}"` }, data: {} })
  expect(issued.status(), await issued.text()).toBe(200)
  await expect(office.page.getByText('9 家未签收')).toBeVisible({ timeout: 15_000 })

  // 榆巷街道 finds it waiting and signs on a phone; the sender sees it without a reload.
  const street = await seat(browser, 'yuxiang', 390)
  await street.page.goto('/documents')
  await street.page.getByRole('link', { name: '元旦值守通知' }).first().click()
  await street.page.getByRole('button', { name: '代表本单位签收' }).click()
  await expect(office.page.getByText('8 家未签收')).toBeVisible({ timeout: 15_000 })
  await expect(office.page.getByText('收文 9 家，已阅读 1 家，已签收 1 家')).toBeVisible()
  await office.page.getByRole('button', { name: '催办未签收单位' }).click()
  await expect(office.page.getByText('已催办 8 家')).toBeVisible()

  // It is repealed: the street reads so, and nobody is asked to sign any more.
  const chief = await seat(browser, 'leader')
  await chief.page.goto(`/documents/${id}`)
  await chief.page.getByRole('button', { name: '撤销或废止' }).click()
  await chief.page.getByRole('dialog').getByRole('button', { name: '已废止' }).click()
  await expect(chief.page.getByText('请写明原因，收文单位会看到')).toBeVisible()
  await chief.page.getByLabel('原因').fill('已另发值守安排')
  await chief.page.getByRole('dialog').getByRole('button', { name: '已废止' }).click()
  await expect(chief.page.getByText(/^已废止：已另发值守安排/)).toBeVisible()
  await expect(street.page.getByText(/^已废止：已另发值守安排/)).toBeVisible({ timeout: 15_000 })
  expect(chief.errors).toEqual([])

  // A unit it was not sent to knows nothing of it.
  const other = await api(browser, 'jiaoyu')
  expect((await other.get(`/api/v1/documents/${id}`)).status()).toBe(404)
  for (const s of [office, street]) expect(s.errors).toEqual([])
})

test('see what changed since a document was issued', async ({ browser }) => {
  const r = await api(browser, 'office')
  const list = await (await r.get('/api/v1/documents?kind=bulletin&state=issued')).json()
  const doc = list.items[0]
  const rows = (await (await r.get('/api/v1/entries?kind=publicity-session&period=2020-10&state=verified')).json()).rows
  const voided = await r.post(`/api/v1/entries/${rows[0].id}/void`, { data: { reason: '同一场次登记了两次' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${rows[0].rev}"` } })
  expect(voided.status(), await voided.text()).toBe(200)
  const leader = await seat(browser, 'leader')
  await leader.page.goto('/documents?kind=bulletin')
  await expect(leader.page.getByRole('row').filter({ hasText: doc.title }).getByText(/处差异/)).toBeVisible()
  await leader.page.getByRole('link', { name: doc.title }).click()
  await expect(leader.page.getByText('同一场次登记了两次').first()).toBeVisible()
  await expect(leader.page.locator('[data-n][data-changed]').first()).toBeVisible()
  expect(leader.errors).toEqual([])
})
