package pack

// Decoded is the Decode of a type whose objects are a T each.
func Decoded[T any](o *Object) (any, error) {
	v := new(T)
	return v, Strict(o, v)
}

// All lists what the effective objects of a type are, by key.
func All[T any](s *Set, typ string) []*T {
	var out []*T
	for _, o := range s.List(typ) {
		if v, ok := o.Value.(*T); ok {
			out = append(out, v)
		}
	}
	return out
}

// Value is what the effective object of a type and key is, if there is one.
func Value[T any](s *Set, typ, key string) (*T, bool) {
	o := s.Get(typ, key)
	if o == nil {
		return nil, false
	}
	v, ok := o.Value.(*T)
	return v, ok
}
