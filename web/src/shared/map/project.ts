/** A window on the map: its middle in 1e-7 degrees, and pixels per 1e-7 degree of latitude. */
export type View = { x: number; y: number; scale: number }

/** Degrees of longitude are shorter than those of latitude; one factor is exact enough for a district. */
const squeeze = (lat: number) => Math.cos((lat / 1e7 / 180) * Math.PI)

/** The window that shows all points with a margin. Points are [lon, lat]. */
export function fit(points: readonly (readonly [number, number])[], width: number, height: number): View {
  if (!points.length) return { x: 0, y: 0, scale: 1e-5 }
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of points) {
    x1 = Math.min(x1, x)
    x2 = Math.max(x2, x)
    y1 = Math.min(y1, y)
    y2 = Math.max(y2, y)
  }
  const y = (y1 + y2) / 2
  const wide = Math.max((x2 - x1) * squeeze(y), 20_000)
  const high = Math.max(y2 - y1, 20_000)
  return { x: (x1 + x2) / 2, y, scale: Math.min((width - 48) / wide, (height - 48) / high) }
}

export function project(v: View, lon: number, lat: number, width: number, height: number): [number, number] {
  return [width / 2 + (lon - v.x) * squeeze(v.y) * v.scale, height / 2 - (lat - v.y) * v.scale]
}
