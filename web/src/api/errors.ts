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
  constructor(readonly problem: Problem) {
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
