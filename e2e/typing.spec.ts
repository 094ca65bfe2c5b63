import { expect, test } from './drift'
import { seat } from './desk'

test('what is typed or pasted into a form stays, and a refusal takes the view to its field', async ({ browser }) => {
  const s = await seat(browser, 'yuxiang.jb')
  const { page } = s
  await page.goto('/new/publicity-session')
  // a word that means one unit is that unit on Tab; one that means several waits
  const unit = page.getByRole('combobox', { name: /^所属单位/ })
  await unit.click()
  const word = page.getByRole('searchbox')
  await word.fill('榆')
  const several = await page.getByRole('option').count()
  expect(several).toBeGreaterThan(1)
  const one = (await page.getByRole('option').nth(1).textContent())!.trim()
  await page.keyboard.press('Tab')
  await expect(word).toHaveValue('榆')
  await word.fill(one.split(' ')[0]!)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(unit).toContainText(one.split(' ')[0]!)
  // a day as it is copied from a sheet
  const year = page.getByRole('group', { name: /日期/ }).getByRole('spinbutton').first()
  await year.focus()
  const paste = (text: string) =>
    year.evaluate((el, t) => {
      const data = new DataTransfer()
      data.setData('text/plain', t)
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, text)
  await paste('12-5')
  await expect(page.getByText('“12-5”不是一个日期')).toBeVisible()
  await paste('2020年12月5日')
  await expect(page.getByRole('group', { name: /日期/ })).toContainText('2020/12/05')
  // digits typed one after the other fill the parts; Tab leaves them as they are
  await year.focus()
  await page.keyboard.type('20201203')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('group', { name: /日期/ })).toContainText('2020/12/03')
  await page.screenshot({ path: '../out/shots/typing-1440-zh.png' })
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  const first = page.getByRole('alert').getByRole('button').first()
  const label = (await first.textContent())!
  const focused = page.locator(':focus')
  await expect(focused).toBeInViewport()
  expect(await focused.evaluate(el => !el.closest('[role=alert]') && el.matches('input, textarea, select, button, [role=spinbutton]'))).toBe(true)
  expect(label).not.toBe('')
  expect(s.errors).toEqual([])
})
