/** A pattern of slanting lines for what is not known, or not whole; filled with by its id. */
export function Hatch({ id, size, line, color }: { id: string; size: number; line: number; color: string }) {
  return (
    <defs>
      <pattern id={id} width={size} height={size} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={size} height={size} fill="#fff" />
        <rect width={line} height={size} fill={color} />
      </pattern>
    </defs>
  )
}
