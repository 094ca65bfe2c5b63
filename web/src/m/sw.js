// The pages of the phone, kept so that they open without a network. It touches nothing outside /m/ and no answer of the API:
// what people do lies in the pages' own store.
const VERSION = '__VERSION__'
const FILES = '__FILES__'
const NAME = `sifen-field-${VERSION}`

self.addEventListener('install', e => {
  e.waitUntil(caches.open(NAME).then(c => c.addAll(FILES.map(f => new Request(f, { cache: 'reload' })))))
})
self.addEventListener('activate', e => {
  e.waitUntil(
    caches
      .keys()
      .then(all => Promise.all(all.filter(k => k.startsWith('sifen-field-') && k !== NAME).map(k => caches.delete(k))))
      .then(() => self.clients.claim()),
  )
})
self.addEventListener('message', e => {
  if (e.data === 'update') void self.skipWaiting()
})
self.addEventListener('fetch', e => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  const page = e.request.mode === 'navigate'
  const name = page ? '/m/' : url.pathname
  if (!page && !FILES.includes(name)) return
  e.respondWith(caches.open(NAME).then(c => c.match(name)).then(hit => hit ?? fetch(e.request)))
})
