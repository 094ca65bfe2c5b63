
export const parseIs = (is: string | undefined) => new Map((is ?? '').split(',').filter(Boolean).map(x => [x.slice(0, x.indexOf(':')), x.slice(x.indexOf(':') + 1)]))

export const joinIs = (is: Map<string, string>) => [...is].map(([k, v]) => `${k}:${v}`).join(',') || undefined
