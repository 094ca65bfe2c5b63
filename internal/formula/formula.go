// Package formula compiles and runs the expressions of rule packs: CEL over named, typed inputs,
// integers only, with a limit on cost. It knows no word of the domain.
package formula

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Type is the type of an input.
type Type int

// Int holds quantities at their scale, Text choices and names, Bool yes and no.
const (
	Int Type = iota
	Text
	Bool
)

// ErrNoValue says that the expression has no value for its inputs: it divides by zero or leaves the range of integers.
var ErrNoValue = errors.New("no value")

const costLimit = 100_000

// Program is a compiled expression. It may be used from several goroutines.
type Program struct {
	prog cel.Program
	uses []string
}

var cache sync.Map // expression and inputs → *Program

// Compile checks text against its inputs and its wanted result. Unknown names, wrong types and
// floating point numbers are errors that name the column.
func Compile(text string, inputs map[string]Type, want Type) (*Program, error) {
	key := fmt.Sprintf("%s|%v|%d", text, inputs, want)
	if p, ok := cache.Load(key); ok {
		return p.(*Program), nil
	}
	opts := []cel.EnvOption{cel.ParserExpressionSizeLimit(4000), cel.ParserRecursionLimit(60)}
	for name, t := range inputs {
		opts = append(opts, cel.Variable(name, celType(t)))
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return nil, fmt.Errorf("prepare expression: %w", err)
	}
	ast, iss := env.Compile(text)
	if iss.Err() != nil {
		return nil, wrong(iss.Errors(), inputs)
	}
	if got := ast.OutputType(); !got.IsExactType(celType(want)) {
		is, needed := typeWord(got.String()), typeWord(celType(want).String())
		return nil, &Error{"结果是" + is[0] + "，这里要" + needed[0], "the result is " + is[1] + ", here " + needed[1] + " is needed"}
	}
	prog, err := env.Program(ast, cel.CostLimit(costLimit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	p := &Program{prog: prog}
	for name := range inputs {
		if usesName(text, name) {
			p.uses = append(p.uses, name)
		}
	}
	cache.Store(key, p)
	return p, nil
}

// usesName looks for name as a whole identifier outside of string literals.
func usesName(text, name string) bool {
	ident := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	var quote byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.HasPrefix(text[i:], name) && (i == 0 || !ident(text[i-1])) && (i+len(name) == len(text) || !ident(text[i+len(name)])):
			return true
		}
	}
	return false
}

// Uses reports whether the expression names an input.
func (p *Program) Uses(name string) bool {
	for _, u := range p.uses {
		if u == name {
			return true
		}
	}
	return false
}

func celType(t Type) *cel.Type {
	switch t {
	case Text:
		return cel.StringType
	case Bool:
		return cel.BoolType
	}
	return cel.IntType
}

// Holds evaluates a condition. A condition that uses an absent value is false.
func (p *Program) Holds(vals map[string]any) (bool, error) {
	v, ok, err := p.eval(vals)
	if err != nil || !ok {
		return false, err
	}
	return v == types.True, nil
}

// Number evaluates a quantity; ok is false when an input is absent.
func (p *Program) Number(vals map[string]any) (n int64, ok bool, err error) {
	v, ok, err := p.eval(vals)
	if err != nil || !ok {
		return 0, false, err
	}
	i, isInt := v.(types.Int)
	return int64(i), isInt, nil
}

func (p *Program) eval(vals map[string]any) (ref.Val, bool, error) {
	for _, name := range p.uses {
		if _, ok := vals[name]; !ok {
			return nil, false, nil
		}
	}
	v, _, err := p.prog.Eval(vals)
	if err != nil {
		for _, say := range []string{"division by zero", "modulus by zero", "integer overflow"} {
			if strings.Contains(err.Error(), say) {
				return nil, false, fmt.Errorf("%w: %s", ErrNoValue, say)
			}
		}
		return nil, false, fmt.Errorf("evaluate: %w", err)
	}
	return v, true, nil
}
