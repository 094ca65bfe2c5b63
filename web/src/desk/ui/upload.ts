import { putBlob, type Answer } from '../../api/client'
import { sha256 } from '../../shared/sha256'
import { shrink, type Shrunk } from '../../shared/shrink'

/** Sends one file up: a photo made smaller first, anything else as it is. onPart tells how far it is, 0 to 1, both halves together. */
export async function upload(file: File, onPart: (part: number) => void = () => {}): Promise<{ sha: string; file: File; kept: Shrunk['kept']; answer: Answer<'/blobs/{sha}', 'put'> }> {
  const photo = file.type.startsWith('image/') || /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name)
  const made: Shrunk = photo ? await shrink(file, p => onPart(p / 2)) : { file }
  const sha = await sha256(await made.file.arrayBuffer())
  const answer = await putBlob(sha, made.file, p => onPart(0.5 + p / 2), new AbortController().signal)
  return { sha, file: made.file, kept: made.kept, answer }
}
