import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FullConfig } from '@playwright/test'
import { answersFile } from './desk'

const binary = join(import.meta.dirname, '..', 'bin', 'sifen')

async function serve(data: string): Promise<[ChildProcess, string]> {
  const server = spawn(binary, ['demo', '--data', data, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const base = await new Promise<string>((ok, bad) => {
    let text = ''
    server.stdout.on('data', (b: Buffer) => {
      text += b.toString()
      const m = /http:\/\/127\.0\.0\.1:\d+/.exec(text.slice(text.indexOf('Open')))
      if (m && text.includes('Open')) ok(m[0])
    })
    server.on('exit', code => bad(new Error(`the server ended with ${code}`)))
  })
  return [server, base]
}

/** Sets up the demonstration with the built binary, and serves a copy of it to each worker. */
export default async function setup(config: FullConfig) {
  rmSync(answersFile, { force: true })
  if (process.env.SIFEN_BASE) return undefined // a server that runs already, with SIFEN_DATA_DIR
  const dirs = Array.from({ length: config.workers }, () => mkdtempSync(join(tmpdir(), 'sifen-e2e-')))
  const made = spawnSync(binary, ['demo', '--data', dirs[0]!, '--no-serve'], { encoding: 'utf8', timeout: 240_000 })
  if (made.status !== 0) throw new Error(`sifen demo: ${made.stdout}${made.stderr}`)
  for (const d of dirs.slice(1)) cpSync(dirs[0]!, d, { recursive: true })
  const servers: ChildProcess[] = []
  for (const [i, data] of dirs.entries()) {
    const [server, base] = await serve(data)
    servers.push(server)
    process.env[`SIFEN_BASE_${i}`] = base
    process.env[`SIFEN_DATA_DIR_${i}`] = data
  }
  return () => {
    for (const s of servers) {
      s.removeAllListeners('exit')
      s.kill('SIGTERM')
    }
    for (const d of dirs) rmSync(d, { recursive: true, force: true })
  }
}
