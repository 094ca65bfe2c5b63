import { test as base, expect } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { dataDir } from './desk'

export { expect, type APIRequestContext, type Browser, type BrowserContext, type Page, type Request } from '@playwright/test'

/** Every journey ends with all figures computed anew by other code: whatever a person did, they still agree. */
export const test = base.extend<{ drift: void }>({
  drift: [
    async ({}, use) => {
      await use()
      const binary = process.env.SIFEN_BINARY ?? join(import.meta.dirname, '..', 'bin', 'sifen')
      const r = spawnSync(binary, ['figures', 'verify', '--data', dataDir()], { encoding: 'utf8' })
      expect(`${r.stdout}${r.stderr}`.trim()).toBe('drift 0')
    },
    { auto: true },
  ],
})
