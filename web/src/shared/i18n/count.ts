/** A count in a sentence; both languages group its digits alike. */
export const n = (x: number) => x.toLocaleString('en')

/** A count with its English noun, in the plural where it is not one. */
export const s = (x: number, one: string, many = `${one}s`) => `${n(x)} ${x === 1 ? one : many}`
