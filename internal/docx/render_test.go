package docx

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

func TestTagsFilled(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"figure by title": {para("开展{{宣传场次}}场"), "开展338场"},
		"figure by key":   {para("{{publicity.sessions}}"), "338"},
		"form and period": {para("{{宣传人数：余}}，{{宣传场次@上年}}，{{宣传人数@累计:万}}，{{宣传人数:万@累计}}"),
			"68123~yu，338@last-year，68123~wan@cumulative，68123~wan@cumulative"},
		"English form and period": {para("{{宣传人数:wan @ month}}"), "68123~wan@month"},
		"full-width typing":       {para("｛｛　宣传场次＠上年：原值｝｝"), "338~raw@last-year"},
		"one brace of each width": {para("{｛宣传场次｝}"), "338"},
		"cut into runs":           {para("开{", "{宣", "传场次}", "}场"), "开338场"},
		"header data":             {para("{{单位}}{{期间}}工作总结{{文号}}"), "云汀区2020年工作总结"},
		"text takes paragraphs":   {para("{{文 存在问题}}"), "责任落实不够。\n居民参与不够。"},
		"text in a sentence":      {para("问题：{{text 存在问题}}"), "问题：责任落实不够。 居民参与不够。"},
		"text not written":        {para("{{文 下一步打算}}"), "〔待补：下一步打算〕"},
		"picture not taken":       {para("{{图 现场照片 宽8厘米}}"), "〔待补：现场照片〕"},
		"loop over paragraphs":    {para("{{#每个 镇街}}") + para("{{名称}}开展{{宣传场次}}场") + para("{{/每个}}"), "柳塘镇开展41场\n石渡镇开展29场"},
		"loop in a sentence":      {para("有{{#每个 镇街}}{{名称}}{{宣传场次}}场{{/每个}}。"), "有柳塘镇41场、石渡镇29场。"},
		"loop cut into runs":      {para("有{{#每", "个 镇街}", "}{{名", "称}}{{/每个}", "}。"), "有柳塘镇、石渡镇。"},
		"loop in a loop": {para("{{#each 镇街}}") + para("{{名称}}：{{#each 社区}}{{名称}}{{/each}}") + para("{{/each}}"),
			"柳塘镇：柳塘镇一社区、柳塘镇二社区\n石渡镇：石渡镇一社区、石渡镇二社区"},
		"header data of the document": {para("{{#每个 镇街}}{{单位}}{{名称}}{{/每个}}"), "云汀区柳塘镇、云汀区石渡镇"},
		"empty loop":                  {para("前") + para("{{#每个 空}}") + para("{{名称}}") + para("{{/每个}}") + para("后"), "前\n后"},
		"rows": {table([]string{"镇街", "场次"}, []string{"{{#每个 镇街}}{{名称}}", "{{宣传场次}}{{/每个}}"}, []string{"合计", "{{宣传场次}}"}),
			"[镇街][场次]\n[柳塘镇][41]\n[石渡镇][29]\n[合计][338]\n"},
		"rows of two lines": {table([]string{"{{#每个 镇街}}{{名称}}", "一"}, []string{"{{宣传场次}}", "二{{/每个}}"}),
			"[柳塘镇][一]\n[41][二]\n[石渡镇][一]\n[29][二]\n"},
		"rows with tags in rows of own": {table([]string{"头", ""}, []string{"{{#每个 镇街}}", ""}, []string{"{{名称}}", "{{宣传场次}}"}, []string{"{{/每个}}", ""}),
			"[头][]\n[柳塘镇][41]\n[石渡镇][29]\n"},
		"empty loop leaves no table":     {para("前") + table([]string{"{{#每个 空}}{{名称}}", "{{/每个}}"}) + para("后"), "前\n后"},
		"row under a condition":          {table([]string{"甲", "乙"}, []string{"{{#如果 整改率<50%}}差", "{{/如果}}"}), "[甲][乙]\n"},
		"loop in one cell":               {table([]string{"{{#每个 镇街}}{{名称}}{{/每个}}", "尾"}), "[柳塘镇、石渡镇][尾]\n"},
		"condition holds":                {para("{{#如果 整改率<90%}}") + para("低") + para("{{#否则}}") + para("高") + para("{{/如果}}"), "低"},
		"condition does not hold":        {para("{{#如果 整改率≥90%}}") + para("高") + para("{{#否则}}") + para("低") + para("{{/如果}}"), "低"},
		"condition in a sentence":        {para("整改{{#如果 整改率＜＝０.８９}}不力{{#否则}}有力{{/如果}}。"), "整改不力。"},
		"condition on ten thousands":     {para("{{#if 宣传人数>6.8万}}多{{#else}}少{{/if}}"), "多"},
		"undefined is below nothing":     {para("a{{#如果 未知率<1}}低{{/如果}}{{#如果 未知率>=0}}高{{/如果}}{{#如果 未知率!=5}}异{{/如果}}"), "a"},
		"presence":                       {para("a{{#如果 有 存在问题}}有{{/如果}}{{#如果 无 下一步打算}}无{{/如果}}{{#if has 现场照片}}图{{/if}}"), "a有无"},
		"condition is the paragraph":     {para("前") + para("{{#如果 整改率>90%}}高{{/如果}}") + para("后"), "前\n后"},
		"condition around rows of loop":  {para("{{#如果 有 镇街}}") + table([]string{"{{#每个 镇街}}{{名称}}", "{{/每个}}"}) + para("{{/如果}}"), "[柳塘镇][]\n[石渡镇][]\n"},
		"characters illegal in XML":      {para("{{#每个 镇街}}{{/每个}}尾"), "尾"},
		"two tags without text between":  {para("{{宣传场次}}{{宣传人数}}"), "33868123"},
		"ordinary braces are text":       {para("{a} ｛b｝"), "{a} ｛b｝"},
		"zero-width spaces are not seen": {para("{{宣传\u200b场次}}"), "338"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := lines(fill(t, pack(tt.body, nil), newSource()))
			if strings.TrimRight(got, "\n") != strings.TrimRight(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestSameInputSameBytes(t *testing.T) {
	body := para("{{单位}}{{宣传场次}}") + para("{{附表 数据来源}}")
	var first []byte
	for range 3 {
		b, err := fill(t, pack(body, nil), newSource()).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(first, b) {
			t.Fatal("bytes differ")
		}
	}
}

// TestTemplateIsShared: one opened template serves many requests at once, and
// none sees another's values.
func TestTemplateIsShared(t *testing.T) {
	tpl := openShipped(t)
	want, err := tpl.Render(summaryCatalogue(), summarySample())
	if err != nil {
		t.Fatal(err)
	}
	text := lines(want)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			s := summarySample()
			s.href = i%2 == 0
			f, err := tpl.Render(summaryCatalogue(), s)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := f.Bytes(); err != nil || lines(f) != text || len(f.HTML()) == 0 || len(f.Outline()) != 16 {
				t.Errorf("a render differs: %v", err)
			}
		})
	}
	group.Wait()
	again, err := tpl.Render(summaryCatalogue(), summarySample())
	if err != nil || lines(again) != text {
		t.Errorf("the template was changed: %v", err)
	}
}
