import { expect, test, type BrowserContext, type Page } from './drift'
import { account, api, base } from './desk'
import { noise } from './photo'
import { chinese, violations, words } from './sound'

/** A phone: 390 px, its own store, the pages of /m/ alone. */
async function phone(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.setViewportSize({ width: 390, height: 844 })
  return page
}
async function signIn(p: Page, login: string, lang: 'zh' | 'en' = 'zh') {
  await p.getByLabel(lang === 'en' ? 'Login' : '账号').fill(account(login).login)
  await p.getByLabel(lang === 'en' ? 'Password' : '密码').fill(account(login).password)
  await p.getByRole('button', { name: lang === 'en' ? 'Sign in' : '登录' }).click()
}
const noWider = async (p: Page) => expect(await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)

// The job: an inspector checks a place without a signal; the answer to the record is lost, the network goes in the middle of a
// photo, the page is killed; in the end the district has one visit with both photos.
test('a check without a network arrives once, with its photos', async ({ browser }) => {
  test.setTimeout(180_000)
  const office = await api(browser, 'office')
  const visits = async () => ((await (await office.get('/api/v1/visits?size=500')).json()) as { total: number }).total
  const before = await visits()
  const context = await browser.newContext({ baseURL: base(), locale: 'zh-CN', hasTouch: true })
  let p = await phone(context)
  const errors: string[] = []
  p.on('pageerror', e => errors.push(e.message))
  await p.goto('/m/')
  await signIn(p, 'jiancha')
  await expect(p.getByRole('heading', { name: /^今天 \d+ 处/ })).toBeVisible()
  await expect(p.getByText(/取到$/)).toBeVisible()
  await p.evaluate(() => navigator.serviceWorker.ready)
  await p.waitForFunction(() => !!navigator.serviceWorker.controller)
  expect(await violations(p, 390)).toEqual([])

  // No signal from here on: the page opens all the same, and knows the place.
  await context.setOffline(true)
  await p.reload()
  await expect(p.getByText('没有网络，照常检查')).toBeVisible()
  await p.getByPlaceholder('名称、路径、编码').fill('安居小区')
  await p.locator('.field-places').last().getByRole('button').first().click()
  await expect(p.getByRole('heading', { name: /安居小区/ })).toBeVisible()
  const lids = p.locator('[data-item=lids]').first()
  await lids.getByRole('button', { name: '否' }).click()
  await lids.getByRole('button', { name: '满溢' }).click()
  await lids.locator('input[type=file]').setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: noise(1) })
  await expect(lids.locator('img')).toHaveCount(1)
  await noWider(p)
  expect(await violations(p, 390)).toEqual([])

  // The browser is killed: what was filled in is there, the photo with it.
  await p.close()
  p = await phone(context)
  await p.goto('/m/phone')
  await p.getByRole('button', { name: /安居小区/ }).click()
  await expect(p.getByText('接着上次没提交的继续')).toBeVisible()
  await expect(p.locator('[data-item=lids]').first().locator('img')).toHaveCount(1)
  await p.locator('[data-item=lids]').first().locator('input[type=file]').setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: noise(2) })
  await expect(p.locator('[data-item=lids]').first().locator('img')).toHaveCount(2)
  await p.getByRole('button', { name: /^其余 \d+ 项全部正常$/ }).click()
  await p.getByRole('button', { name: '提交', exact: true }).click()
  const sheet = p.getByRole('dialog')
  await expect(sheet).toContainText('还有 1 项没有回答')
  await sheet.getByRole('button', { name: '提交' }).click()
  await expect(p.getByText('编号联网后取')).toBeVisible()
  await expect(p).toHaveTitle(/^\(3\) /)
  expect(await violations(p, 390)).toEqual([])
  await noWider(p)

  // The signal is back, badly: the district has the record and its answer is lost; then a photo breaks off.
  let lost = 0
  let broken = 0
  await context.route('**/api/v1/field/ops', async r => {
    if (lost++ === 0) {
      await r.fetch()
      await r.abort()
    } else await r.continue()
  })
  await context.route('**/api/v1/field/photos/**', async r => {
    if (r.request().method() === 'PUT' && broken++ === 1) await r.abort() // in the middle of the first photo
    else await r.continue()
  })
  await context.setOffline(false)
  await expect.poll(() => lost, { timeout: 30_000 }).toBeGreaterThan(1)
  await expect(p.getByText(/^ZG-/).first()).toBeVisible({ timeout: 30_000 })
  await p.goto('/m/phone')
  await expect(p.getByText('都传了')).toBeVisible({ timeout: 40_000 })
  expect(broken).toBeGreaterThan(1) // the one that broke off; after a reload through the worker the others may pass by unseen
  await expect(p.locator('[data-photo][data-state=sent]')).toHaveCount(2)
  expect(await visits()).toBe(before + 1)
  const latest = (await (await office.get('/api/v1/visits?size=1&place=')).json()) as { rows: { id: string; place_name: string }[] }
  expect(latest.rows[0]!.place_name).toBe('安居小区')
  const visit = (await (await office.get(`/api/v1/visits/${latest.rows[0]!.id}`)).json()) as { owed: string[]; findings: { photos: string[] }[] }
  expect(visit.owed).toEqual([])
  expect(visit.findings[0]!.photos).toHaveLength(2)
  for (const sha of visit.findings[0]!.photos) expect((await office.get(`/api/v1/blobs/${sha}?size=thumb`)).status()).toBe(200)
  expect(errors).toEqual([])
  await context.close()
})

// The session ends in the field; somebody else takes the phone; what the first has done is his alone and still there.
test('two persons on one phone, and a session that ended', async ({ browser }) => {
  test.setTimeout(120_000)
  const context = await browser.newContext({ baseURL: base(), locale: 'zh-CN', hasTouch: true })
  const p = await phone(context)
  await p.goto('/m/')
  await signIn(p, 'jiancha')
  await expect(p.getByText(/取到$/)).toBeVisible()
  await p.evaluate(() => navigator.serviceWorker.ready)
  await context.setOffline(true)
  await p.getByPlaceholder('名称、路径、编码').fill('码头小区')
  await p.locator('.field-places').last().getByRole('button').first().click()
  await p.getByRole('button', { name: /^其余 \d+ 项全部正常$/ }).click()
  await p.getByRole('button', { name: '提交', exact: true }).click()
  await p.getByRole('dialog').getByRole('button', { name: '提交' }).click()
  await expect(p).toHaveTitle(/^\(1\) /)
  // signed out meanwhile, from elsewhere
  await context.clearCookies()
  await context.setOffline(false)
  await expect(p.getByText('登录已过期')).toBeVisible({ timeout: 20_000 })
  await p.getByRole('button', { name: '登录' }).click()
  await signIn(p, 'office')
  await expect(p.getByRole('heading', { name: /^今天/ })).toBeVisible()
  await p.goto('/m/phone')
  await expect(p.getByText('都传了')).toBeVisible()
  await expect(p.getByText('码头小区')).toHaveCount(0)
  // back to the first, whose work goes on by itself
  await p.goto('/m/mine')
  await p.getByRole('button', { name: '退出登录' }).click()
  await signIn(p, 'jiancha')
  await expect(p.getByRole('heading', { name: /^今天/ })).toBeVisible()
  await p.goto('/m/phone')
  await expect(p.locator('[data-state=sent]').first()).toContainText('码头小区', { timeout: 20_000 })
  await context.close()
})

test('the pages of the phone in both languages', async ({ browser }) => {
  test.setTimeout(120_000)
  for (const lang of ['zh', 'en'] as const) {
    const context = await browser.newContext({ baseURL: base(), locale: lang === 'en' ? 'en-US' : 'zh-CN', hasTouch: true })
    await context.addInitScript(l => localStorage.setItem('sifen.lang', l), lang)
    const p = await phone(context)
    await p.goto('/m/')
    expect(await violations(p, 390)).toEqual([])
    await signIn(p, 'jiancha', lang)
    await expect(p.locator('.field-tabs')).toBeVisible()
    await expect(p.getByText(lang === 'en' ? /^fetched/ : /取到$/)).toBeVisible()
    for (const page of ['', 'phone', 'mine', 'check']) {
      await p.goto(`/m/${page}`)
      await expect(p.locator('h1')).toBeVisible()
      await p.waitForTimeout(300)
      await noWider(p)
      expect(await violations(p, 390)).toEqual([])
      if (lang === 'en') expect(await chinese(p, [...words])).toEqual([])
    }
    await context.close()
  }
})
