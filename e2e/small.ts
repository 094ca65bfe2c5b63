import { type Browser } from '@playwright/test'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = join(import.meta.dirname, '..', 'bin', 'sifen')
const PASSWORD = 'goodpassword-12345'

/** A district of its own, as `sifen init` makes it, with a street, a community and four persons; nothing recorded. */
export class Small {
  base = ''
  port = 0
  private server: ChildProcess | undefined
  private readonly data = mkdtempSync(join(tmpdir(), 'sifen-small-'))

  constructor() {
    const run = (args: string[], input = '') => {
      const r = spawnSync(binary, [...args, '--data', this.data], { encoding: 'utf8', input, timeout: 60_000 })
      if (r.status !== 0) throw new Error(`sifen ${args[0]} ${args[1]}: ${r.stdout}${r.stderr}`)
    }
    run(['init', '--code', '340599', '--name', '试验区', '--admin', 'root'])
    const units = join(this.data, 'units.csv')
    writeFileSync(units, 'code,name,type,parent\nD1,东街街道,street,340599\nD1C1,桂花社区,community,D1\n')
    run(['org', 'import', '--file', units, '--from', '2020-01-01'])
    for (const [login, name, role, unit] of [
      ['clerk', '周小安', 'clerk', 'D1C1'],
      ['clerk2', '吴小岚', 'clerk', 'D1C1'],
      ['street', '程大山', 'street-manager', 'D1'],
      ['street2', '陆明', 'street-manager', 'D1'],
      ['boss', '秦越', 'office', ''],
      ['firm', '何川', 'firm', 'D1C1'],
    ] as const)
      run(['account', 'add', '--login', login, '--name', name, '--role', role, '--unit', unit, '--password-stdin'], `${PASSWORD}\n`)
  }

  async start() {
    this.server = spawn(binary, ['serve', '--data', this.data, '--addr', `127.0.0.1:${this.port}`, '--log-level', 'warn'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    this.base = await new Promise<string>((ok, bad) => {
      const read = (b: Buffer) => {
        text += b.toString()
        const m = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)
        if (m) {
          this.port = Number(m[1])
          ok(m[0])
        }
      }
      this.server!.stdout!.on('data', read)
      this.server!.stderr!.on('data', read)
      this.server!.on('exit', code => bad(new Error(`the server ended with ${code}: ${text}`)))
    })
  }
  /** As a power cut: no farewell. */
  async kill() {
    const gone = new Promise(ok => this.server!.once('exit', ok))
    this.server!.removeAllListeners('exit')
    const left = new Promise(ok => this.server!.once('exit', ok))
    this.server!.kill('SIGKILL')
    await Promise.race([gone, left])
  }
  async close() {
    await this.kill()
    rmSync(this.data, { recursive: true, force: true })
  }

  async seat(browser: Browser, login: string, width = 1440, lang: 'zh' | 'en' = 'zh') {
    const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, baseURL: this.base, locale: lang === 'en' ? 'en-US' : 'zh-CN', hasTouch: width < 500 })
    await context.addInitScript(l => localStorage.setItem('sifen.lang', l), lang)
    await this.signIn(context.request, login)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', e => errors.push(e.message))
    return { context, page, errors }
  }
  async signIn(request: { post: (path: string, o: object) => Promise<{ status: () => number; text: () => Promise<string> }> }, login: string) {
    const res = await request.post(`${this.base}/api/v1/session`, { data: { login, password: PASSWORD } })
    if (res.status() !== 200) throw new Error(`sign in ${login}: ${res.status()} ${await res.text()}`)
  }
  readonly password = PASSWORD
}
