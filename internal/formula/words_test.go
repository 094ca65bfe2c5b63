package formula

import (
	"strings"
	"testing"
)

// What is wrong with an expression is said in plain words of both languages, with what would be right.
func TestWrongExpressionsInPlainWords(t *testing.T) {
	in := map[string]Type{"people": Int, "form": Text, "paid": Bool}
	for name, c := range map[string]struct {
		text   string
		want   Type
		zh, en string
	}{
		"a name there is not":           {"peple > 3", Bool, "没有名为 peple 的名字，可用：form、paid、people", "there is no name peple; there are: form, paid, people"},
		"a text against a number":       {`people == "three"`, Bool, "== 不能用于整数和文字", "== cannot be used on a whole number and a text"},
		"a decimal number":              {"people > 2.5", Bool, "数字只写整数", "write whole numbers only"},
		"not of a text":                 {"!form", Bool, "! 不能用于文字", "! cannot be used on a text"},
		"a number where a condition is": {"people + 1", Bool, "结果是整数，这里要是或否", "the result is a whole number, here yes or no is needed"},
		"two signs":                     {"people == == 3", Bool, "的 == 读不懂", "== cannot be read"},
		"half a bracket":                {"(people > 3", Bool, "第 12 个字符处", "column 12"},
		"nothing":                       {"", Bool, "不完整", "something is missing"},
		"a reserved word":               {"while > 3", Bool, "while 是保留字", "while is a reserved word"},
		"a function there is not":       {"sum(people) > 3", Bool, "没有名为 sum 的名字", "there is no name sum"},
	} {
		_, err := Compile(c.text, in, c.want)
		zh, en := Words(err)
		if !strings.Contains(zh, c.zh) || !strings.Contains(en, c.en) {
			t.Errorf("%s: %s / %s", name, zh, en)
		}
		for _, raw := range []string{"overload", "undeclared", "container", "Syntax", "<EOF>", "ERROR"} {
			if strings.Contains(zh+en, raw) {
				t.Errorf("%s shows the library's text: %s / %s", name, zh, en)
			}
		}
	}
}
