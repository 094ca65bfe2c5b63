import { expect, test } from './drift'
import { api, seat } from './desk'
import { workbook } from './xlsx'

// The job: an office has a paper form. It is read, what is not understood is settled, it is saved from a day, and a phone asks it;
// a shipped form is changed from a later day, exported, and the change is taken back.
test('from a paper form to what a phone asks', async ({ browser }) => {
  test.setTimeout(150_000)
  const office = await seat(browser, 'office')
  const d = office.page
  await d.goto('/checklists')
  await d.getByRole('button', { name: '从 Excel 读入' }).click()
  const dialog = d.getByRole('dialog')
  await dialog.getByLabel('请选 Excel 文件').setInputFiles({
    name: '农贸市场检查表.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: workbook([
      {
        name: '表',
        rows: [
          ['农贸市场检查表', '', '', '', ''],
          ['序号', '检查项目', '检查内容', '分值', '星级'],
          [1, '宣传', '入口有公示牌', 10, '甲'],
          [2, '', '未张贴指引', '', ''],
          [3, '设施', '四类桶齐全', 20, ''],
          ['检查人：', '', '', '', ''],
        ],
        merged: ['A1:E1', 'B3:B4', 'D3:D4'],
      },
    ]),
  })
  await dialog.getByRole('button', { name: '读入' }).click()
  await expect(d.getByRole('heading', { name: '农贸市场检查表', level: 1 })).toBeVisible()
  const asked = d.getByTestId('asked').getByRole('listitem')
  await expect(asked.filter({ hasText: 'E2' })).toContainText('不知道这一列是什么')
  await expect(asked.filter({ hasText: 'C4' })).toContainText('这一条写的是问题')
  // The unknown column is left out by a person's word; the form is read again.
  await d.getByLabel('E2 星级').selectOption({ label: '不要这一列' })
  await d.getByRole('button', { name: '按这样重读' }).click()
  await expect(asked.filter({ hasText: 'E2' })).toHaveCount(0)
  const save = d.getByRole('button', { name: '保存', exact: true })
  await expect(save).toBeDisabled()
  // What says a problem is worded as what should be, and stands on the phone as it is typed.
  await asked.filter({ hasText: 'C4' }).getByRole('button', { name: '打开' }).click()
  await d.getByLabel('检查内容', { exact: true }).fill('张贴了分类指引')
  await d.getByLabel('不合格时点选的说法').fill('没有张贴\n破损')
  const phone = d.getByRole('complementary', { name: '手机上的样子' })
  const row = phone.locator('.check-item').filter({ hasText: '张贴了分类指引' })
  await row.getByRole('button', { name: '否' }).click()
  await expect(row.getByRole('button', { name: '没有张贴' })).toBeVisible()
  await d.locator('[data-at="/head"] > button').click()
  await d.getByRole('group', { name: '检查什么' }).getByRole('button', { name: '社区', exact: true }).click()
  for (const box of await asked.getByRole('checkbox').all()) await box.check()
  await expect(save).toBeEnabled()
  await save.click()
  await dialog.getByRole('button', { name: '保存', exact: true }).click()
  await expect(dialog.getByText('请写从哪天起用')).toBeVisible() // never silently today
  const typed = async (day: [string, string, string]) => {
    const parts = dialog.getByRole('spinbutton')
    for (const [i, p] of day.entries()) {
      await parts.nth(i).click()
      await d.keyboard.type(p)
    }
  }
  await typed(['2020', '12', '31'])
  await dialog.getByRole('button', { name: '保存', exact: true }).click()
  await expect(d.getByText('在用')).toBeVisible()
  const r = await api(browser, 'office')
  const lists = (await (await r.get('/api/v1/checklists')).json()) as { items: { title: { zh: string }; sections: { points: number; items: { ask: { zh: string } }[] }[] }[] }
  const made = lists.items.find(c => c.title.zh === '农贸市场检查表')!
  expect(made.sections.map(s => [s.points, ...s.items.map(i => i.ask.zh)])).toEqual([
    [10, '入口有公示牌', '张贴了分类指引'],
    [20, '四类桶齐全'],
  ])

  // A shipped form is changed from next year on: today nothing is asked anew, and the change can be taken back.
  await d.goto('/checklists/estate')
  await d.locator('[data-at="/sections/1/items/2"] > button').click()
  await d.getByLabel('检查内容', { exact: true }).fill('')
  await expect(d.getByText('第 2 部分第 3 项').first()).toBeVisible()
  await d.getByLabel('检查内容', { exact: true }).fill('桶盖完好，不满溢')
  const next = d.getByRole('button', { name: '保存新版' })
  await expect(next).toBeEnabled()
  await next.click()
  await expect(dialog.getByRole('listitem')).toHaveText(/改桶盖完好，不满溢内容/)
  await typed(['2021', '02', '01'])
  await dialog.getByRole('button', { name: '保存新版' }).click()
  await expect(d.getByText('2021年2月1日起有新版')).toBeVisible()
  const asks = async () => JSON.stringify(((await (await r.get('/api/v1/checklists')).json()) as { items: { key: string }[] }).items.find(c => c.key === 'estate'))
  expect(await asks()).toContain('桶盖完好，无满溢')
  const file = await r.get('/api/v1/checklist-rules/estate/sheet')
  expect((await file.body()).subarray(0, 2).toString()).toBe('PK')
  await d.getByRole('button', { name: '撤回这一版' }).click()
  await dialog.getByRole('button', { name: '撤回这一版' }).click()
  await expect(d.getByText('已撤回')).toBeVisible()
  await expect(d.getByText('2021年2月1日起有新版')).toHaveCount(0)

  // Who inspects sees it and may not change it.
  const clerk = await seat(browser, 'yuxiang.jb')
  await clerk.page.goto('/checklists/estate')
  await expect(clerk.page.getByText('您可以看，不能改。')).toBeVisible()
  expect([...office.errors, ...clerk.errors]).toEqual([])
  await office.context.close()
  await clerk.context.close()
})
