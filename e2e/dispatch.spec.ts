import { expect, test } from './drift'
import type { Page } from '@playwright/test'
import { api, seat } from './desk'

/** Chooses a unit in a box of names. */
async function choose(page: Page, label: string, name: string) {
  await page.getByRole('dialog').getByLabel(label).click()
  await page.keyboard.type(name)
  await page.keyboard.press('Enter')
}

// The job: a meeting is planned and its pack written; it is held and decides; an owner reports from his bench, the office
// accepts; the next meeting opens with the rest.
test('from one meeting to the next: pack, attendance, decisions, what is left', async ({ browser }) => {
  test.setTimeout(150_000)
  const office = await seat(browser, 'office')
  const d = office.page
  await d.goto('/meetings')
  await d.getByRole('button', { name: '安排会议' }).click()
  const dialog = d.getByRole('dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog.getByText('请填会议名称')).toBeVisible()
  await dialog.getByLabel('会议名称').fill('年末专题调度会')
  await dialog.getByLabel('地点').fill('三楼会议室')
  await dialog.getByLabel('议程').fill('年末对账\n一季度选址')
  await dialog.getByRole('button', { name: '加入全部镇街和部门' }).click()
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(d.getByRole('heading', { name: '年末专题调度会' })).toBeVisible()
  const meeting = d.url().split('/meetings/')[1]!.split('?')[0]!

  // The pack is there with a click, begins with the last decisions, and is a Word file.
  await expect(d.getByText('企业食堂餐厨垃圾去向逐家排查')).toBeVisible()
  await d.getByRole('button', { name: '写议程材料' }).click()
  const pack = d.getByRole('link', { name: /调度会材料/ })
  await expect(pack).toBeVisible()
  const doc = (await pack.getAttribute('href'))!.split('/documents/')[1]!.split('?')[0]!
  const r = await api(browser, 'office')
  const file = await r.get(`/api/v1/documents/${doc}/file`)
  expect(file.headers()['content-type']).toContain('wordprocessingml')
  expect((await file.body()).subarray(0, 2).toString()).toBe('PK')
  await pack.click()
  await expect(d.getByText(/上次会议（2020年12月10日）议定的事项/).first()).toBeVisible()
  await d.goto(`/meetings/${meeting}`)

  // It is held: one unit was represented, one was absent with a reason.
  await d.getByRole('button', { name: '登记召开' }).click()
  await dialog.getByLabel('到会人数').fill('33')
  await dialog.getByLabel('到会情况 青埠镇').selectOption({ label: '缺席' })
  await dialog.getByRole('button', { name: '登记召开' }).click()
  await expect(dialog.getByText(/青埠镇：缺席原因/)).toBeVisible()
  await dialog.getByLabel('缺席原因 青埠镇').fill('防汛值守')
  await dialog.getByLabel('到会情况 石渡镇').selectOption({ label: '派人代会' })
  await dialog.getByLabel('代会人 石渡镇').fill('副镇长秦川')
  await dialog.getByRole('button', { name: '登记召开' }).click()
  await expect(d.getByText('14 / 15')).toBeVisible()

  // It decides: one thing is done before the next meeting, one is left.
  for (const [words, unit] of [
    ['书院雅居投放点加装遮雨棚', '榆巷街道'],
    ['渔歌社区补设有害垃圾桶', '北埂街道'],
  ] as const) {
    await d.getByRole('button', { name: '记议定事项' }).click()
    await dialog.getByRole('button', { name: '保存' }).click()
    await expect(dialog.getByText('请写明要办什么')).toBeVisible()
    await dialog.getByLabel('议定事项').fill(words)
    await choose(d, '责任单位', unit)
    await dialog.getByRole('button', { name: '保存' }).click()
    await expect(d.getByRole('listitem').filter({ hasText: words })).toBeVisible()
  }
  await d.getByRole('button', { name: '写会议纪要' }).click()
  await expect(d.getByRole('link', { name: /调度会会议纪要/ })).toBeVisible()

  // The owner finds it on his bench, on a phone, and says that it is done.
  const street = await seat(browser, 'yuxiang', 390)
  const s = street.page
  await s.goto('/bench')
  await s.getByRole('link', { name: /书院雅居投放点加装遮雨棚/ }).first().click()
  const mine = s.getByRole('listitem').filter({ hasText: '书院雅居投放点加装遮雨棚' }).first()
  await mine.getByRole('button', { name: '报办结' }).click()
  await s.getByLabel('办理结果').fill('已加装，12月31日验收')
  await s.getByRole('dialog').getByRole('button', { name: '报办结' }).click()
  await expect(mine.getByText('待核实')).toBeVisible()
  await s.goto('/decisions?state=all')
  await expect(s.getByText('渔歌社区补设有害垃圾桶')).toHaveCount(0) // another street's
  expect(await s.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)

  // The office accepts; the page moves by itself.
  const row = d.getByRole('listitem').filter({ hasText: '书院雅居投放点加装遮雨棚' })
  await row.getByRole('button', { name: '核实办结' }).click()
  await expect(row.getByText('已办结')).toBeVisible()

  // The next meeting opens with what became of both, and takes up the rest.
  await d.goto('/meetings')
  await d.getByRole('button', { name: '安排会议' }).click()
  await dialog.getByLabel('会议名称').fill('下一次调度会')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(d.getByRole('heading', { name: '下一次调度会' })).toBeVisible()
  await expect(d.getByRole('listitem').filter({ hasText: '书院雅居投放点加装遮雨棚' }).getByText('已办结')).toBeVisible()
  const left = d.getByRole('listitem').filter({ hasText: '渔歌社区补设有害垃圾桶' })
  await expect(left.getByText(/还剩 \d+ 天/)).toBeVisible()
  await d.getByRole('button', { name: '登记召开' }).click()
  await dialog.getByRole('button', { name: '登记召开' }).click()
  await left.first().getByRole('button', { name: '结转到本次会议' }).click()
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(left.first().getByText('已结转')).toBeVisible()
  await expect(left).toHaveCount(2)

  // The bulletin of the month is there, and its figures come from the records.
  await d.goto('/bulletins?period=2020')
  await d.getByRole('link', { name: /2020年11月生活垃圾分类工作情况的通报/ }).click()
  await expect(d.getByText('问题类型').first()).toBeVisible()
  for (const x of [office, street]) {
    expect(x.errors).toEqual([])
    await x.context.close()
  }
})
