import { defineConfig } from '@playwright/test'

// Each worker has a server and a demonstration year of its own; a server that runs already is for one. Two cores draw for
// one Chromium: a second worker gains little and makes people of the jobs wait.
export default defineConfig({
  testDir: '.',
  // These issue documents and void a record: the others first see the year as it was.
  projects: [{ name: 'year', testIgnore: /(documents|plan)\.spec/ }, { name: 'documents', testMatch: /(documents|plan)\.spec/ }],
  timeout: 90_000,
  workers: process.env.SIFEN_BASE ? 1 : Number(process.env.SIFEN_WORKERS ?? 1),
  // A machine that stumbles once does not throw away the run; a journey that needed its second chance is told at the end.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['./last.ts']],
  globalSetup: './setup.ts',
  outputDir: '../out/e2e',
  expect: { timeout: 10_000 },
  use: {
    actionTimeout: 12_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.SIFEN_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
