export type FieldProblem = { pointer: string; code: string; detail: string }
/** RFC 9457; title and detail come in the language of the request. */
export type Problem = {
  type?: string
  title: string
  status: number
  detail?: string
  code: string
  instance?: string
  errors?: FieldProblem[]
  current?: unknown
}

export class ProblemError extends Error {
  /** after: in how many seconds the server asks to come again; 0 where it does not say. */
  constructor(
    readonly problem: Problem,
    readonly after = 0,
  ) {
    super(problem.detail || problem.title)
    this.name = 'ProblemError'
  }
}
export class NetworkError extends Error {
  constructor() {
    super('network')
    this.name = 'NetworkError'
  }
}
export const statusOf = (e: unknown) => (e instanceof ProblemError ? e.problem.status : e instanceof NetworkError ? 0 : -1)

/** Whether a reading is asked for again by itself: the network was gone, or the server has too much to do. */
export const again = (failures: number, e: unknown) =>
  (e instanceof NetworkError && failures < 2) || (e instanceof ProblemError && (e.problem.status === 503 ? failures < 4 : e.problem.status >= 502 && failures < 2))
/** In how many milliseconds: when the server said, otherwise a little later each time. */
export const pause = (failures: number, e: unknown) => (e instanceof ProblemError && e.after > 0 ? e.after * 1000 : Math.min(1000 * 2 ** failures, 30_000))
