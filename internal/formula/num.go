package formula

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/stdlib"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"sifen/internal/unit"
)

// Exact is the type of a unit.Num in the expressions of CompileExact.
const Exact Type = 3

// exactCost is what one evaluation may cost: an expression of 4,000 characters without loops stays far below it.
const exactCost = 20_000

var exactType = cel.OpaqueType("num")

// exactVal is a unit.Num inside an expression.
type exactVal struct{ unit.Num }

func (v exactVal) ConvertToNative(t reflect.Type) (any, error) { return nil, fmt.Errorf("no %v", t) }
func (v exactVal) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("no conversion to %s", t.TypeName())
}
func (v exactVal) Type() ref.Type { return exactType }
func (v exactVal) Value() any     { return v.Num }
func (v exactVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(exactVal)
	if !ok || !v.Defined() || !o.Defined() {
		return types.NewErr("undefined")
	}
	return types.Bool(v.Cmp(o.Num) == 0)
}

// ExactProgram is a compiled expression over exact numbers and texts. It may be used from several goroutines.
type ExactProgram struct {
	prog  cel.Program
	uses  []string
	fixed map[string]ref.Val // the numbers that the expression writes out
}

var exactCache sync.Map

// literal is a number as it is typed: exactness is kept by reading it here and not as a float.
var literal = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(%|万)?`)

// CompileExact checks text, CEL over the type num: + − * /, comparisons, min max floor ceil, ?:, && || !. Numbers
// are written as in rules (0.6, 90%, 2万). There are no macros and no functions besides; unknown names, wrong types
// and what is no number are errors that name the column as typed.
func CompileExact(text string, inputs map[string]Type, want Type) (*ExactProgram, error) {
	key := fmt.Sprintf("%s|%v|%d", text, inputs, want)
	if p, ok := exactCache.Load(key); ok {
		return p.(*ExactProgram), nil
	}
	p := &ExactProgram{fixed: map[string]ref.Val{}}
	source, shift, err := p.literals(text)
	if err != nil {
		return nil, err
	}
	env, err := exactEnv(inputs, p.fixed)
	if err != nil {
		return nil, fmt.Errorf("prepare expression: %w", err)
	}
	ast, iss := env.Compile(source)
	if iss.Err() != nil {
		return nil, wrongAt(iss.Errors(), inputs, func(column int) int { return shift(column) })
	}
	if got := ast.OutputType(); !got.IsExactType(exactOf(want)) {
		is, needed := typeWord(got.String()), typeWord(exactOf(want).String())
		return nil, &Error{"结果是" + is[0] + "，这里要" + needed[0], "the result is " + is[1] + ", here " + needed[1] + " is needed"}
	}
	if p.prog, err = env.Program(ast, cel.CostLimit(exactCost)); err != nil {
		return nil, err
	}
	for name := range inputs {
		if usesName(text, name) {
			p.uses = append(p.uses, name)
		}
	}
	slices.Sort(p.uses)
	exactCache.Store(key, p)
	return p, nil
}

// literals replaces every number by a name of its own and tells how columns move back.
func (p *ExactProgram) literals(text string) (string, func(int) int, error) {
	if len(text) > 4000 {
		return "", nil, &Error{"算式超过 4,000 个字符", "the expression has more than 4,000 characters"}
	}
	var out strings.Builder
	type step struct{ at, back int }
	var steps []step
	column, made := 0, 0
	var quote, before rune
	word := func(c rune) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	for i := 0; i < len(text); {
		c := []rune(text[i:min(len(text), i+4)])[0]
		size := len(string(c))
		switch m := literal.FindString(text[i:]); {
		case quote != 0:
			if c == quote && before != '\\' {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case m != "" && !word(before) && before != '.':
			rest := strings.TrimPrefix(text[i:], m)
			if rest != "" && (word(rune(rest[0])) || rest[0] == '.') {
				return "", nil, &Error{fmt.Sprintf("第 %d 个字符处的数读不懂：只写 0.5、90%%、2万这样的数", column+1),
					fmt.Sprintf("column %d: this is no number: write such as 0.5, 90%% or 2万", column+1)}
			}
			n, err := unit.ParseNum(m)
			if err != nil {
				return "", nil, err
			}
			name := fmt.Sprintf("K%d", len(p.fixed))
			p.fixed[name] = exactVal{n}
			out.WriteString(name)
			made, column = made+len(name), column+len([]rune(m))
			steps = append(steps, step{made, made - column})
			i, before = i+len(m), '0'
			continue
		}
		out.WriteRune(c)
		i, column, made, before = i+size, column+1, made+1, c
	}
	return out.String(), func(c int) int {
		back := 0
		for _, s := range steps {
			if c >= s.at {
				back = s.back
			}
		}
		return max(c-back, 0)
	}, nil
}

func exactOf(t Type) *cel.Type {
	if t == Exact {
		return exactType
	}
	return celType(t)
}

// exactEnv knows the operators over num and nothing else.
func exactEnv(inputs map[string]Type, fixed map[string]ref.Val) (*cel.Env, error) {
	opts := []cel.EnvOption{cel.ParserExpressionSizeLimit(8000), cel.ParserRecursionLimit(60)}
	for name, t := range inputs {
		opts = append(opts, cel.Variable(name, exactOf(t)))
	}
	for name := range fixed {
		opts = append(opts, cel.Variable(name, exactType))
	}
	two := []*cel.Type{exactType, exactType}
	calc := func(name, id string, f func(a, b unit.Num) unit.Num) cel.EnvOption {
		return cel.Function(name, cel.Overload(id, two, exactType, cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			return exactVal{f(a.(exactVal).Num, b.(exactVal).Num)}
		})))
	}
	compare := func(name, id string, f func(c int) bool) cel.EnvOption {
		return cel.Function(name, cel.Overload(id, two, cel.BoolType, cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			x, y := a.(exactVal), b.(exactVal)
			if !x.Defined() || !y.Defined() {
				return types.NewErr("undefined")
			}
			return types.Bool(f(x.Cmp(y.Num)))
		})))
	}
	alone := func(name, id string, f func(a unit.Num) unit.Num) cel.EnvOption {
		return cel.Function(name, cel.Overload(id, two[:1], exactType, cel.UnaryBinding(func(a ref.Val) ref.Val {
			return exactVal{f(a.(exactVal).Num)}
		})))
	}
	opts = append(opts,
		calc(operators.Add, "num_add", unit.Num.Add), calc(operators.Subtract, "num_sub", unit.Num.Sub),
		calc(operators.Multiply, "num_mul", unit.Num.Mul), calc(operators.Divide, "num_div", unit.Num.Div),
		calc("min", "num_min", unit.Num.Min), calc("max", "num_max", unit.Num.Max),
		alone("floor", "num_floor", unit.Num.Floor), alone("ceil", "num_ceil", unit.Num.Ceil), alone(operators.Negate, "num_neg", unit.Num.Neg),
		compare(operators.Less, "num_lt", func(c int) bool { return c < 0 }), compare(operators.LessEquals, "num_le", func(c int) bool { return c <= 0 }),
		compare(operators.Greater, "num_gt", func(c int) bool { return c > 0 }), compare(operators.GreaterEquals, "num_ge", func(c int) bool { return c >= 0 }))
	var logic []*decls.FunctionDecl
	for _, f := range stdlib.Functions() {
		switch f.Name() {
		case operators.Conditional, operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Equals, operators.NotEquals:
			logic = append(logic, f)
		}
	}
	return cel.NewCustomEnv(append(opts, cel.FunctionDecls(logic...))...)
}

// Uses are the inputs that the expression names, in order.
func (p *ExactProgram) Uses() []string { return p.uses }

func (p *ExactProgram) eval(vals map[string]any) (ref.Val, error) {
	in := make(map[string]any, len(p.fixed)+len(p.uses))
	for name, v := range p.fixed {
		in[name] = v
	}
	for _, name := range p.uses {
		switch v := vals[name].(type) {
		case unit.Num:
			if !v.Defined() {
				return nil, ErrNoValue
			}
			in[name] = exactVal{v}
		case string:
			in[name] = types.String(v)
		default:
			return nil, ErrNoValue
		}
	}
	v, _, err := p.prog.Eval(in)
	if err != nil {
		if strings.Contains(err.Error(), "undefined") {
			return nil, ErrNoValue
		}
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	return v, nil
}

// Number evaluates to a number, undefined where an input is absent or the arithmetic has none.
func (p *ExactProgram) Number(vals map[string]any) (unit.Num, error) {
	v, err := p.eval(vals)
	if errors.Is(err, ErrNoValue) {
		return unit.Undefined, nil
	}
	n, ok := v.(exactVal)
	if err != nil || !ok {
		return unit.Undefined, err
	}
	return n.Num, nil
}

// Holds evaluates a condition; one that uses an absent value does not hold.
func (p *ExactProgram) Holds(vals map[string]any) (bool, error) {
	v, err := p.eval(vals)
	if errors.Is(err, ErrNoValue) {
		return false, nil
	}
	return v == types.True, err
}
