import { type Shrunk } from '../../shared/shrink'
import type { UsedIn } from './types'

export const PHOTO = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif']

// A file from a memory card often has no type, only a name.
export const NAMED: [RegExp, string][] = [
  [/\.pdf$/i, 'application/pdf'],
  [/\.jpe?g$/i, 'image/jpeg'],
  [/\.png$/i, 'image/png'],
  [/\.webp$/i, 'image/webp'],
  [/\.hei[cf]$/i, 'image/heic'],
]

export type Item = {
  key: string
  sha?: string
  name: string
  preview?: string
  part: number
  /** Being made smaller on the device, 0 to 1; gone once it goes up. */
  shrinking?: number
  kept?: Shrunk['kept']
  error?: string
  /** Trying again cannot help. */
  final?: boolean
  file?: File
  type: string
  also?: UsedIn[]
  taken?: string
}
