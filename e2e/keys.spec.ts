import { expect, test, type APIRequestContext } from './drift'
import { api, operation, seat } from './desk'

type Row = { id: string; number: string; title: string; rev: number; state: string }
const post = async (r: APIRequestContext, path: string, data: unknown, rev?: number) => {
  const res = await r.post(`/api/v1${path}`, { data, headers: { 'Idempotency-Key': operation(), ...(rev === undefined ? {} : { 'If-Match': `"${rev}"` }) } })
  expect(res.ok(), await res.text()).toBe(true)
  return (await res.json()) as Row
}

test('the ledger by keyboard alone', async ({ browser }) => {
  const s = await seat(browser, 'office')
  const { page } = s
  await page.goto('/ledger/publicity-session')
  const rows = page.locator('tr[data-row]')
  await expect(rows.first()).toBeVisible()
  await page.keyboard.press('j')
  await expect(rows.nth(0)).toHaveAttribute('data-cursor', 'true')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect(rows.nth(1)).toHaveAttribute('data-cursor', 'true')
  await page.keyboard.press('Enter')
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true')
  const drawer = page.getByRole('complementary', { name: /记录/ })
  const number = (await rows.nth(1).getByRole('link').first().textContent())!
  await expect(drawer).toContainText(number)
  await page.keyboard.press('j')
  await expect(drawer).toContainText((await rows.nth(2).getByRole('link').first().textContent())!)
  // Esc closes and the focus is on the row again.
  await page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  await expect(rows.nth(2).getByRole('link').first()).toBeFocused()
  // / goes to the keyword; letters typed there are letters.
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await expect(rows).toHaveCount(1)
  await expect(page.getByTestId('total')).toHaveText('共 1 条')
  await expect(page).toHaveURL(new RegExp(`q=${number}`))
  expect(s.errors).toEqual([])
  await s.context.close()
})

test('verifying by keyboard alone', async ({ browser }) => {
  const clerk = await api(browser, 'yuxiang.jb')
  const me = (await (await clerk.get('/api/v1/me')).json()) as { unit: { id: number } }
  const made: Row[] = []
  for (const topic of ['键盘审核之一', '键盘审核之二'])
    made.push(await post(clerk, '/entries', { id: operation(), kind: 'publicity-session', unit: me.unit.id, values: { held_on: '2020-12-30', topic, form: 'lecture' }, submit: true }))
  const [one, two] = made as [Row, Row]

  const s = await seat(browser, 'yuxiang')
  const { page } = s
  await page.goto('/verify')
  const queue = page.getByRole('complementary', { name: '待审核列表' })
  const at = queue.locator('[aria-current=true]')
  await expect(at).toBeVisible()
  const all = await queue.getByRole('listitem').count()
  // J to the end, K back up, until the wanted one is under the cursor.
  const go = async (title: string) => {
    for (let i = 0; i < all; i++) await page.keyboard.press('k')
    for (let i = 0; i < all && !(await at.textContent())!.includes(title); i++) {
      const before = await at.textContent()
      await page.keyboard.press('j')
      await expect(at).not.toHaveText(before!)
    }
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
  }
  await go('键盘审核之一')
  await page.keyboard.press('r')
  await page.keyboard.type('请补照片 a r j k') // the keys of decisions are letters here
  await page.keyboard.press('Enter')
  await expect(queue.getByRole('listitem').filter({ hasText: '键盘审核之一' })).toHaveCount(0)
  await go('键盘审核之二')
  await expect(page.getByText('→').first()).toBeVisible()
  await page.keyboard.press('a')
  await expect(queue.getByRole('listitem').filter({ hasText: '键盘审核之二' })).toHaveCount(0)
  const read = async (id: string) => (await (await clerk.get(`/api/v1/entries/${id}`)).json()) as Row & { reason?: string }
  expect(await read(one.id)).toMatchObject({ state: 'returned', reason: '请补照片 a r j k' })
  expect((await read(two.id)).state).toBe('verified')
  expect(s.errors).toEqual([])
  await s.context.close()

  // Leave the year as it was found.
  const office = await api(browser, 'office')
  for (const x of [one, two]) {
    const now = await read(x.id)
    const res = await office.post(`/api/v1/entries/${x.id}/void`, { data: { reason: '键盘审核演练' }, headers: { 'Idempotency-Key': operation(), 'If-Match': `"${now.rev}"` } })
    if (now.state === 'verified') expect(res.status()).toBe(200)
  }
})
