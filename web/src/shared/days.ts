/** A day as people write it: 2020-12-05, 2020.12.5, 2020/12/5, 2020年12月5日, 20201205; "" where the text names no day. */
export function writtenDay(text: string): string {
  const s = text.trim().replace(/[０-９．／－]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  const m = /^(\d{4})(?:([-./\u5e74])\s?(\d{1,2})(?:[-./]|\u6708)\s?(\d{1,2})\u65e5?|(\d{2})(\d{2}))(?:[ T]0?0:00(?::00)?)?$/.exec(s)
  if (!m) return ''
  const [y, mo, d] = [Number(m[1]), Number(m[3] ?? m[5]), Number(m[4] ?? m[6])]
  const at = new Date(Date.UTC(y, mo - 1, d))
  return at.getUTCFullYear() === y && at.getUTCMonth() === mo - 1 && at.getUTCDate() === d ? at.toISOString().slice(0, 10) : ''
}
