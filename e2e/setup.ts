import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersFile } from './desk'

/** Sets up the demonstration with the built binary and serves it for all journeys. */
export default async function setup() {
  rmSync(answersFile, { force: true })
  if (process.env.SIFEN_BASE) return undefined // a server that runs already, with SIFEN_DATA_DIR
  const binary = join(import.meta.dirname, '..', 'bin', 'sifen')
  const data = mkdtempSync(join(tmpdir(), 'sifen-e2e-'))
  const made = spawnSync(binary, ['demo', '--data', data, '--no-serve'], { encoding: 'utf8', timeout: 240_000 })
  if (made.status !== 0) throw new Error(`sifen demo: ${made.stdout}${made.stderr}`)
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
  process.env.SIFEN_BASE = base
  process.env.SIFEN_DATA_DIR = data
  return () => {
    server.removeAllListeners('exit')
    server.kill('SIGTERM')
    rmSync(data, { recursive: true, force: true })
  }
}
