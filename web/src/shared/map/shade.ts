/** Five steps of one ink, each darker than the one before, so that a grey copy still reads. */
export const SHADES = ['#eaf2f3', '#c2d9dc', '#8fb8be', '#2f747e', '#0d444e'] as const
/** The colour of a number that stands on a shade. */
export const inkOn = (shade: number) => (shade >= 3 ? '#ffffff' : '#1b2426')

/** Which of the five shades a value has between the smallest and the largest; the middle one where all are equal. */
export function shadeOf(value: number, least: number, most: number): number {
  if (most <= least) return 2
  return Math.min(4, Math.floor(((value - least) * 5) / (most - least)))
}

export type ShadeRange = { shade: number; least: number; most: number }
/** The shades in use with the smallest and largest value in each, for a legend that says nothing of values nobody has. */
export function ranges(values: number[]): ShadeRange[] {
  if (!values.length) return []
  const least = Math.min(...values)
  const most = Math.max(...values)
  const out = new Map<number, ShadeRange>()
  for (const v of values) {
    const shade = shadeOf(v, least, most)
    const r = out.get(shade)
    if (!r) out.set(shade, { shade, least: v, most: v })
    else {
      r.least = Math.min(r.least, v)
      r.most = Math.max(r.most, v)
    }
  }
  return [...out.values()].sort((a, b) => a.shade - b.shade)
}

type Ring = readonly (readonly [number, number])[]
/** Twice the signed area of a closed ring. */
const area2 = (r: Ring) => r.reduce((n, [x, y], i) => n + (r[i === 0 ? r.length - 1 : i - 1]![0] * y - x * r[i === 0 ? r.length - 1 : i - 1]![1]), 0)

/** Where a name stands: the centre of gravity of the largest ring. */
export function middle(rings: readonly Ring[]): [number, number] {
  const ring = [...rings].sort((a, b) => Math.abs(area2(b)) - Math.abs(area2(a)))[0]
  if (!ring?.length) return [0, 0]
  const [x0, y0] = ring[0]! // from its first corner, so that large coordinates lose nothing
  const at = ring.map(([x, y]) => [x - x0, y - y0] as const)
  const a = area2(at)
  if (a === 0) return [x0, y0]
  let [x, y] = [0, 0]
  at.forEach(([x2, y2], i) => {
    const [x1, y1] = at[i === 0 ? at.length - 1 : i - 1]!
    const f = x1 * y2 - x2 * y1
    x += (x1 + x2) * f
    y += (y1 + y2) * f
  })
  return [x0 + x / (3 * a), y0 + y / (3 * a)]
}
