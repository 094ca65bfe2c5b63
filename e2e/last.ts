import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Says at the very end, in a few lines each, what failed or passed only at the second attempt: a log that is cut at its head still tells it. */
export default class Last implements Reporter {
  private readonly failed = new Map<string, string>()

  onTestEnd(test: TestCase, result: TestResult) {
    if (test.outcome() === 'skipped' || (result.status === 'passed' && result.retry === 0)) return
    const name = test.titlePath().slice(1).join(' › ')
    if (result.status === 'passed') {
      this.failed.set(`flaky: ${name}`, this.failed.get(`failed: ${name}`) ?? '')
      this.failed.delete(`failed: ${name}`)
      return
    }
    // The colours of a terminal are no part of a message.
    // eslint-disable-next-line no-control-regex
    const said = (result.error?.message ?? result.status).replace(/\x1b\[[0-9;]*m/g, '')
    const lines = said.split('\n').filter(l => l.trim() !== '')
    this.failed.set(`failed: ${name}`, lines.slice(0, 14).map(l => `    ${l.slice(0, 400)}`).join('\n'))
  }

  onEnd(_: FullResult) {
    for (const [name, said] of this.failed) process.stdout.write(`\n${name}\n${said}\n`)
  }
  printsToStdio() {
    return false
  }
}
