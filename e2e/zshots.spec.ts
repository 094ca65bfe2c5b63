import { test } from '@playwright/test'
import { seat } from './desk'
test('shots', async ({ browser }) => {
  test.setTimeout(500_000)
  for (const [login, lang, large] of [['yuxiang.jb','zh',false],['yuxiang.jb','en',false],['yuxiang','zh',true],['yuxiang','en',true]] as const) {
    const s = await seat(browser, login, 390, lang)
    if (large) await s.context.addInitScript(() => localStorage.setItem('sifen.large','1'))
    const paths = large ? ['/bench','/verify','/ledger/publicity-session','/new/publicity-session','/figures','/figures/publicity.sessions','/plan','/documents','/due','/points','/me','/table/printed-material'] : ['/bench','/new','/new/publicity-session','/table/printed-material']
    for (const p of paths) {
      await s.page.goto(p)
      await s.page.waitForTimeout(1300)
      const w = await s.page.evaluate(() => { const d = document.documentElement; const cut = [...document.querySelectorAll('main *')].filter(e => e.children.length === 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && getComputedStyle(e).textOverflow !== 'ellipsis' && e.clientWidth > 0).slice(0,4).map(e => e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent!.slice(0, 30)); return [d.scrollWidth - d.clientWidth, ...cut] })
      if (w[0] as number > 0 || w.length > 1) console.log(lang, large, p, JSON.stringify(w))
      await s.page.screenshot({ path: `/tmp/shots/${large ? 'L' : 'N'}-${lang}${p.replaceAll('/', '_')}.png` })
    }
    await s.context.close()
  }
})
