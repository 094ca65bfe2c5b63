/** Files of a draft that have not reached the server yet: kept on the device, so that neither a reload nor a dead network loses a photo. */
type Stored = { key: string; sha: string; name: string; type: string; file: Blob }

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const r = indexedDB.open('sifen', 1)
    r.onupgradeneeded = () => r.result.createObjectStore('files', { keyPath: 'key' })
    r.onsuccess = () => resolve(r.result)
    r.onerror = () => reject(r.error ?? new Error('indexedDB'))
  })
}
async function run<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const db = await open()
    return await new Promise<T>((resolve, reject) => {
      const t = db.transaction('files', mode)
      const r = act(t.objectStore('files'))
      t.oncomplete = () => {
        db.close()
        resolve(r.result)
      }
      t.onabort = t.onerror = () => {
        db.close()
        reject(t.error ?? new Error('indexedDB'))
      }
    })
  } catch {
    return undefined // no storage: the file lives as long as the page
  }
}
// Every key of one field of one draft begins the same way.
const range = (draft: string) => IDBKeyRange.bound(`${draft}|`, `${draft}|\uffff`)

export const keepFile = (draft: string, sha: string, file: File) =>
  run('readwrite', s => s.put({ key: `${draft}|${sha}`, sha, name: file.name, type: file.type, file } satisfies Stored))
export const dropFile = (draft: string, sha: string) => run('readwrite', s => s.delete(`${draft}|${sha}`))
export const dropFiles = (draft: string) => run('readwrite', s => s.delete(range(draft)))
export async function keptFiles(draft: string): Promise<File[]> {
  const all = (await run<Stored[]>('readonly', s => s.getAll(range(draft)))) ?? []
  return all.map(x => new File([x.file], x.name, { type: x.type }))
}
