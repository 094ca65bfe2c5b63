import { expect, type Locator, type Page } from '@playwright/test'
import { answers } from './desk'

/** Counts what a person does in one job: taps, fields filled, seconds; and keeps it inside its allowance, the seconds in `make bench` alone. */
export class Job {
  taps = 0
  fields = 0
  readonly begun = Date.now()
  private readonly before = answers.length
  constructor(
    readonly page: Page,
    readonly name: string,
    readonly allowance: { taps: number; fields: number; seconds: number },
  ) {}
  async tap(where: Locator) {
    this.taps++
    await where.click()
  }
  async key(key: string) {
    this.taps++
    await this.page.keyboard.press(key)
  }
  async fill(where: Locator, text: string) {
    this.fields++
    await where.fill(text)
  }
  /** Files, a paste, a choice: one field. */
  async give(work: Promise<unknown>) {
    this.fields++
    await work
  }
  done() {
    const seconds = (Date.now() - this.begun) / 1000
    console.log(`job ${this.name}: ${this.taps} taps of ${this.allowance.taps}, ${this.fields} fields of ${this.allowance.fields}, ${seconds.toFixed(1)} s of ${this.allowance.seconds}${this.slowest()}`)
    expect(this.taps, 'taps').toBeLessThanOrEqual(this.allowance.taps)
    expect(this.fields, 'fields').toBeLessThanOrEqual(this.allowance.fields)
    // A clock is asked only where the machine has nothing else to do: make bench.
    if (process.env.SIFEN_TIMED) expect(seconds, 'seconds').toBeLessThanOrEqual(this.allowance.seconds)
  }
  private slowest() {
    const a = answers.slice(this.before).sort((x, y) => y.ms - x.ms)[0]
    return a ? `; slowest answer ${a.ms} ms (${a.event} on ${a.at})` : ''
  }
}
