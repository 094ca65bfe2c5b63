/** SHA-256 as hex. crypto.subtle where the page is a secure context; the loop below on plain http. */
export async function sha256(data: ArrayBuffer): Promise<string> {
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)))
  return hex(sha256Sync(new Uint8Array(data)))
}

const hex = (bytes: Uint8Array) => [...bytes].map(b => b.toString(16).padStart(2, '0')).join('')

const K = new Uint32Array(64)
const H0 = new Uint32Array(8)
;(() => {
  // The constants are the first 32 bits of the fractional parts of roots of the first primes.
  const frac = (x: number) => ((x - Math.floor(x)) * 2 ** 32) | 0
  for (let n = 2, i = 0; i < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++)
      if (n % d === 0) {
        prime = false
        break
      }
    if (!prime) continue
    if (i < 8) H0[i] = frac(Math.sqrt(n))
    K[i++] = frac(Math.cbrt(n))
  }
})()

export function sha256Sync(data: Uint8Array): Uint8Array {
  const h = Uint32Array.from(H0)
  const w = new Uint32Array(64)
  const tail = new Uint8Array(data.length % 64 < 56 ? 64 : 128)
  const rest = data.length - (data.length % 64)
  tail.set(data.subarray(rest))
  tail[data.length - rest] = 0x80
  const bits = new DataView(tail.buffer)
  bits.setUint32(tail.length - 8, Math.floor(data.length / 2 ** 29))
  bits.setUint32(tail.length - 4, (data.length * 8) >>> 0)
  const block = (p: Uint8Array, at: number) => {
    for (let i = 0; i < 16; i++) w[i] = (p[at + i * 4]! << 24) | (p[at + i * 4 + 1]! << 16) | (p[at + i * 4 + 2]! << 8) | p[at + i * 4 + 3]!
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!,
        y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    let [a, b, c, d, e, f, g, k] = h as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (k + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      k = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    ;[a, b, c, d, e, f, g, k].forEach((v, i) => (h[i] = (h[i]! + v) | 0))
  }
  for (let i = 0; i < rest; i += 64) block(data, i)
  for (let i = 0; i < tail.length; i += 64) block(tail, i)
  const out = new Uint8Array(32)
  const view = new DataView(out.buffer)
  h.forEach((v, i) => view.setUint32(i * 4, v))
  return out
}
