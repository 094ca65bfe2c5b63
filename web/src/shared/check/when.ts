/** What a condition of a checklist speaks of: names with their values. */
export type Inputs = { [name: string]: string | number | boolean | undefined }
type Value = string | number | boolean | undefined

/** Marks an input that is absent: a condition that uses one does not hold. */
class Absent extends Error {}
/** The text is no condition that this reader knows. */
class Unknown extends Error {}

const TOKEN = /\s*(a\["[a-z0-9-]+"\]|[A-Za-z_][\w.]*|\d+|"[^"]*"|'[^']*'|&&|\|\||==|!=|<=|>=|[-+*/%<>!()[\],])/y

function tokens(text: string): string[] {
  const out: string[] = []
  TOKEN.lastIndex = 0
  let at = 0
  while (at < text.trimEnd().length) {
    TOKEN.lastIndex = at
    const m = TOKEN.exec(text)
    if (!m) throw new Unknown(text)
    out.push(m[1]!)
    at = TOKEN.lastIndex
  }
  return out
}

const LEVELS = [['||'], ['&&'], ['==', '!=', 'in'], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']]

/** Whether a condition holds, as the server judges it: whole numbers, text, yes and no. One this reader does not know asks the item. */
export function holds(text: string, inputs: Inputs): boolean {
  if (!text) return true
  try {
    return value(text, inputs) === true
  } catch (e) {
    return e instanceof Unknown
  }
}

function value(text: string, inputs: Inputs): Value {
  const list = tokens(text)
  let i = 0
  const take = (t: string) => {
    if (list[i] !== t) throw new Unknown(text)
    i++
  }
  // Both sides are read; an absent one only counts where the other does not decide.
  const guard = (f: () => Value): [Value, boolean] => {
    try {
      return [f(), false]
    } catch (e) {
      if (e instanceof Absent) return [undefined, true]
      throw e
    }
  }
  const level = (n: number): (() => Value) => {
    if (n === LEVELS.length) return unary()
    let left = level(n + 1)
    while (LEVELS[n]!.includes(list[i] ?? '')) {
      const op = list[i++]!
      const a = left
      if (op === 'in') {
        take('[')
        const all: (() => Value)[] = []
        while (list[i] !== ']') {
          all.push(level(0))
          if (list[i] === ',') i++
        }
        take(']')
        left = () => all.some(x => x() === a())
        continue
      }
      const b = level(n + 1)
      left = () => {
        if (op === '&&' || op === '||') {
          const [x, noX] = guard(a)
          const [y, noY] = guard(b)
          const decides = op === '||'
          if ((!noX && x === decides) || (!noY && y === decides)) return decides
          if (noX || noY) throw new Absent()
          return !decides
        }
        return binary(op, a(), b())
      }
    }
    return left
  }
  const unary = (): (() => Value) => {
    const t = list[i++]
    if (t === '!') {
      const x = unary()
      return () => !x()
    }
    if (t === '-') {
      const x = unary()
      return () => -(x() as number)
    }
    if (t === '(') {
      const x = level(0)
      take(')')
      return x
    }
    if (t === undefined) throw new Unknown(text)
    if (/^\d+$/.test(t)) return () => Number(t)
    if (/^["']/.test(t)) return () => t.slice(1, -1)
    if (t === 'true' || t === 'false') return () => t === 'true'
    const name = t.startsWith('a["') ? `a.${t.slice(3, -2)}` : t
    if (!/^[A-Za-z_]/.test(name)) throw new Unknown(text)
    return () => {
      const v = inputs[name]
      if (v === undefined) throw new Absent()
      return v
    }
  }
  const run = level(0)
  if (i < list.length) throw new Unknown(text)
  return run()
}

function binary(op: string, a: Value, b: Value): Value {
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
  }
  const [x, y] = [a as number, b as number]
  switch (op) {
    case '<':
      return x < y
    case '<=':
      return x <= y
    case '>':
      return x > y
    case '>=':
      return x >= y
    case '+':
      return x + y
    case '-':
      return x - y
    case '*':
      return x * y
    default:
      if (y === 0) throw new Absent()
      return op === '/' ? Math.trunc(x / y) : x % y
  }
}
