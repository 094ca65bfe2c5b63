package score

// What awards share with score sheets: their inputs, their names and their way of saying arithmetic.

// Tr fills a sentence in both languages; its arguments are texts and labels.
func Tr(zh, en string, args ...any) Label { return tr(zh, en, args...) }

// Nearest is the name among some that is spelt most alike, if any is alike at all.
func Nearest(name string, have []string) string { return nearest(name, have) }

// Fold makes one share of the scores that an input is made of; ok is false where it is undefined.
func (in *Input) Fold(v Value) (Value, bool) { return in.fold(v) }

// CheckInputs says what is wrong with declared inputs by themselves.
func CheckInputs(inputs map[string]*Input, env Env) []Fault {
	c := &checker{Sheet: &Sheet{Inputs: inputs}, env: env}
	c.inputs()
	return c.faults
}
