import { expect, test } from './drift'
import { api, operation, seat } from './desk'

test('a task is reported done, arrears fall, open tasks go on next year', async ({ browser }) => {
  const street = await seat(browser, 'yuxiang', 390)
  const office = await seat(browser, 'office')
  await office.page.goto('/plan')
  await expect(office.page.getByText('其中逾期 5 项')).toBeVisible()
  await office.page.getByRole('button', { name: '加任务' }).click()
  const dialog = office.page.getByRole('dialog')
  await dialog.getByLabel('任务内容').fill('补设误时投放点')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(office.page.getByText('补设误时投放点')).toBeVisible()

  // The district reports one of its own late tasks; the figure follows.
  const row = office.page.getByRole('listitem').filter({ hasText: '新增分类收运车辆' })
  await row.getByRole('button', { name: '报办结' }).click()
  await office.page.getByLabel('办结情况').fill('车辆已交付并上牌')
  await office.page.getByRole('dialog').getByRole('button', { name: '报办结' }).click()
  await expect(office.page.getByText('其中逾期 4 项')).toBeVisible()
  const r = await api(browser, 'office')
  const unit = (await (await r.get('/api/v1/me')).json()).district.unit as number
  const figure = await (await r.get(`/api/v1/figures/plan.arrears?unit=${unit}&period=2020`)).json()
  expect(figure.value).toBe(4)

  // A street sees its own page and the matrix, on a phone.
  await street.page.goto('/plan')
  await expect(street.page.getByText('第二批集中投放点建成')).toBeVisible()
  await expect(street.page.getByText('物业企业签订分类责任书')).toHaveCount(0)
  await street.page.goto('/plan/matrix')
  await expect(street.page.getByText('桶边督导')).toBeVisible()

  const plan = (await (await r.get(`/api/v1/plan?unit=${unit}&year=2020`)).json()).id as string
  const carried = await r.post(`/api/v1/plans/${plan}/carry`, { data: {}, headers: { 'Idempotency-Key': operation() } })
  expect((await carried.json()).tasks).toBe(7)
  await office.page.goto('/plan?period=2021')
  await expect(office.page.getByText('上年结转').first()).toBeVisible()
  for (const s of [street, office]) expect(s.errors).toEqual([])
})
