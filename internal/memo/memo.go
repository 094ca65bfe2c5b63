// Package memo keeps what was computed until what it was computed from has changed: whoever asks brings the stamp of that.
package memo

import (
	"container/list"
	"reflect"
	"sync"
)

// Memo keeps values up to a number of bytes, roughly counted; those asked for last stay. It is for any number of goroutines.
type Memo struct {
	mu    sync.Mutex
	most  int
	held  int
	by    map[string]*list.Element
	order *list.List // *kept, last asked first
}

type kept struct {
	key, stamp string
	value      any
	size       int
}

// New makes an empty memo of at most so many bytes.
func New(most int) *Memo { return &Memo{most: most, by: map[string]*list.Element{}, order: list.New()} }

// Of returns what is kept under a key if it has the same stamp; otherwise it computes and keeps it. A value is shared by all who
// ask: nobody may change it. Errors are not kept.
func Of[V any](m *Memo, key, stamp string, compute func() (V, error)) (V, error) {
	m.mu.Lock()
	if e, ok := m.by[key]; ok {
		if k := e.Value.(*kept); k.stamp == stamp {
			m.order.MoveToFront(e)
			m.mu.Unlock()
			return k.value.(V), nil
		}
	}
	m.mu.Unlock()
	v, err := compute()
	if err == nil {
		m.put(&kept{key, stamp, v, len(key) + len(stamp) + size(reflect.ValueOf(v), 2)})
	}
	return v, err
}

func (m *Memo) put(k *kept) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.by[k.key]; ok {
		m.drop(e)
	}
	m.by[k.key] = m.order.PushFront(k)
	for m.held += k.size; m.held > m.most; {
		m.drop(m.order.Back())
	}
}

func (m *Memo) drop(e *list.Element) {
	k := m.order.Remove(e).(*kept)
	delete(m.by, k.key)
	m.held -= k.size
}

// size is about what a value takes, with the lists and maps that it holds down to a depth. What pointers point to is not counted:
// it is shared with others.
func size(v reflect.Value, depth int) int {
	if !v.IsValid() {
		return 0
	}
	n := int(v.Type().Size())
	switch v.Kind() {
	case reflect.String:
		n += v.Len()
	case reflect.Slice:
		n += v.Cap() * int(v.Type().Elem().Size())
	case reflect.Map:
		n += 2 * v.Len() * int(v.Type().Elem().Size()+v.Type().Key().Size())
	case reflect.Struct:
		for i := 0; i < v.NumField() && depth > 0; i++ {
			n += size(v.Field(i), depth-1)
		}
	}
	return n
}
