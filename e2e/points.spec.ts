import { expect, test } from './drift'
import { api, base, seat } from './desk'

// The job: propose, consult and open a drop-off point, print its QR label, and scan it.
test('propose, consent and open a drop-off point, print its label, scan it', async ({ browser }) => {
  test.setTimeout(150_000)
  const clerk = await seat(browser, 'yuxiang.jb', 390)
  const p = clerk.page
  const r = await api(browser, 'office')
  const before = (await (await r.get('/api/v1/figures/places.dropoff?period=2020')).json()) as { value: number }
  const units = (await (await (await api(browser, 'yuxiang.jb')).get('/api/v1/units')).json()) as { items: { id: number; name: string; type: string }[] }
  const estate = units.items.find(u => u.type === 'estate')!

  // On a phone.
  await p.goto('/points/new')
  await p.getByRole('button', { name: '提议', exact: true }).click()
  await expect(p.getByText('请选择单位')).toBeVisible()
  await p.getByRole('combobox', { name: /^单位/ }).click()
  await p.keyboard.type(estate.name)
  await p.keyboard.press('Enter')
  await p.getByLabel('名称').fill('南门集中投放点')
  await p.getByLabel('位置说明').fill('南门岗亭东侧')
  await p.getByLabel('建设批次').selectOption('b3')
  await p.getByLabel('纬度').fill('31.3456789')
  await p.getByLabel('经度').fill('118.4012345')
  expect(await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  await p.getByRole('button', { name: '提议', exact: true }).click()
  // That lies in another street: it is asked about, beside the position.
  await expect(p.getByText(/范围之外约 \d+ 米/)).toBeVisible()
  await expect(p.getByLabel('已核对，位置没有错')).toBeVisible()
  const near = (await (await r.get(`/api/v1/place-map?unit=${estate.id}`)).json()) as { places: { point: { lat: number; lon: number } | null }[] }
  const spot = near.places.find(x => x.point)!.point!
  await p.getByLabel('纬度').fill((spot.lat / 1e7 + 0.0001).toFixed(7))
  await p.getByLabel('经度').fill((spot.lon / 1e7).toFixed(7))
  await expect(p.getByLabel('已核对，位置没有错')).toBeHidden()
  if (process.env.SIFEN_SHOTS) await p.screenshot({ path: `${process.env.SIFEN_SHOTS}/outside.png` })
  await p.getByRole('button', { name: '提议', exact: true }).click()
  await expect(p.getByRole('heading', { name: '南门集中投放点' })).toBeVisible()
  await expect(p.getByText('已提议').first()).toBeVisible()
  const id = /\/points\/([0-9a-f-]+)/.exec(p.url())![1]!
  const code = (await p.getByTestId('code').textContent())!
  expect(code).toMatch(/^T\d{4}[A-Z]$/)
  // Nobody knows a proposal outside.
  expect((await (await browser.newContext()).request.get(`${base()}/p/${code}`)).status()).toBe(404)

  const consult = async (agreed: string, objected: string, answer: string) => {
    await p.getByRole('button', { name: '征求意见' }).click()
    const d = p.getByRole('dialog')
    await d.getByLabel('公示开始').fill('2020-12-10')
    await d.getByLabel('公示结束').fill('2020-12-20')
    await d.getByLabel('征求户数').fill('120')
    await d.getByLabel('同意', { exact: true }).fill(agreed)
    await d.getByLabel('反对', { exact: true }).fill(objected)
    await d.getByLabel('怎么答复反对的').fill(answer)
    await d.getByRole('button', { name: '保存' }).click()
    await expect(d).toHaveCount(0)
  }
  await consult('70', '15', '')
  await expect(p.getByRole('main').getByRole('status')).toContainText('有 15 户反对')
  await consult('88', '5', '移到离窗十五米，改用密闭桶房')
  await expect(p.getByRole('main').getByRole('status')).toHaveCount(0)
  expect(clerk.errors).toEqual([])
  await clerk.context.close()

  const manager = await seat(browser, 'yuxiang')
  const s = manager.page
  await s.goto(`/points/${id}`)
  await s.getByRole('button', { name: '定点', exact: true }).click()
  await s.getByRole('dialog').getByRole('button', { name: '定点', exact: true }).click()
  await s.getByRole('button', { name: '启用', exact: true }).click()
  await s.getByRole('dialog').getByRole('button', { name: '启用', exact: true }).click()
  await expect(s.getByRole('list', { name: '进展' }).locator('[aria-current=step]')).toContainText('在用')
  const after = (await (await r.get('/api/v1/figures/places.dropoff?period=2020')).json()) as { value: number }
  expect(after.value).toBe(before.value + 1)

  // Its label, on paper.
  await s.getByRole('link', { name: '打印这个标签' }).click()
  const label = s.getByTestId('label')
  await expect(label).toHaveCount(1)
  await expect(label).toContainText(code)
  await expect(label.getByRole('img')).toBeVisible()
  await s.emulateMedia({ media: 'print' })
  await expect(label).toBeVisible()
  await s.emulateMedia({ media: 'screen' })

  // Any phone, without sign-in: what goes where, nobody's name.
  const guest = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  const g = await guest.newPage()
  await g.goto(`${base()}/p/${code}`)
  await expect(g.getByRole('heading', { name: '南门集中投放点' })).toBeVisible()
  await expect(g.getByText('可以投放')).toBeVisible()
  await expect(g.getByText('厨余垃圾')).toBeVisible()
  await expect(g.getByText('周予安')).toHaveCount(0)
  expect(await g.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  await guest.close()

  // On the list and on the map.
  await s.goto(`/points?q=${code}`)
  await expect(s.getByTestId('places-total')).toContainText('共 1 处')
  const outside: string[] = []
  s.on('request', q => !q.url().startsWith(base()) && !q.url().startsWith('data:') && outside.push(q.url()))
  await s.goto(`/points/map?open=${id}`)
  await expect(s.locator(`[data-row="${id}"]`)).toHaveAttribute('aria-current', 'true')
  await expect(s.locator(`[data-spot="${id}"]`)).toHaveCount(1)
  await s.getByRole('application').focus()
  await s.keyboard.press('+')
  await s.keyboard.press('ArrowLeft')
  expect(outside).toEqual([])
  expect(manager.errors).toEqual([])
  await manager.context.close()
})
