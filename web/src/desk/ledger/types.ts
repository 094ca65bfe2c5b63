import type { Evidence } from '../../api/answers'
import type { Answer } from '../../api/client'

export type Blob = Answer<'/blobs/{sha}', 'put'>
export type Queue = Answer<'/queue'>
export type UsedIn = Evidence['also_in'][number]
