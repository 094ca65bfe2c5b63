package unit

import (
	"math/big"
	"testing"
)

func TestMeasuresAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ from, to, factor string }{
		{"万元", "元", "10000"}, {"亿元", "元", "100000000"}, {"分", "元", "1/100"}, {"斤", "千克", "1/2"}, {"吨", "千克", "1000"}, {"T", "kg", "1000"},
		{"公斤", "克", "1000"}, {"万人次", "人", "10000"}, {"百份", "份", "100"}, {"小时", "分钟", "60"}, {"亩", "平方米", "2000/3"}, {"ｋｇ", "吨", "1/1000"},
		{"万吨", "吨", "10000"}, {"千克", "克", "1000"}, // not a thousand of something
		{"户", "人", ""}, {"元", "千克", ""}, {"场", "份", ""},
	} {
		from, ok1 := MeasureOf(c.from)
		to, ok2 := MeasureOf(c.to)
		f, ok := from.In(to)
		if !ok1 || !ok2 || ok != (c.factor != "") || ok && f.RatString() != c.factor {
			t.Errorf("%s in %s: %v %v", c.from, c.to, f, ok)
		}
	}
	for _, name := range []string{"计划", "", "库存", "万万", "吨位", "人均"} {
		if m, ok := MeasureOf(name); ok {
			t.Errorf("%q is %v", name, m)
		}
	}
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ text, number, behind string }{
		{"120", "120", ""}, {"1.2万", "6/5", "万"}, {"3000万元", "3000", "万元"}, {"500 斤", "500", "斤"}, {"¥1,200.50", "2401/2", "元"}, {"￥8", "8", "元"},
		{"1200元整", "1200", "元"}, {"人民币8000元", "8000", "元"}, {"１２０人", "120", "人"}, {"-3", "-3", ""}, {"1,234,567", "1234567", ""}, {"约", "", ""},
		{"30-50", "", ""}, {"3场120人", "", ""}, {"120人(其中志愿者20人)", "", ""}, {"男60女70", "", ""}, {"1,2", "", ""}, {"100,5", "", ""}, {"1,2345", "", ""},
		{"约120余人", "", ""},
		{"①20", "", ""}, {"2²", "", ""}, {"5 6", "", ""}, {"1 5处", "", ""}, {"1 200", "1200", ""}, {"1.2.3", "", ""}, {"50%", "50", "%"}, {"", "", ""},
	} {
		n, behind, ok := Written(c.text)
		if ok != (c.number != "") || ok && (n.RatString() != c.number || behind != c.behind) {
			t.Errorf("%q: %v %q %v", c.text, n, behind, ok)
		}
	}
	if n, _, ok := Written("999999999999999999999999999999999999"); !ok || n.Cmp(big.NewRat(1, 1)) < 0 {
		t.Error("a long number is still one")
	}
}
