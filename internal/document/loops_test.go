package document_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"sifen/internal/access"
	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/ziptest"
)

// word is a Word file of these paragraphs.
func word(paragraphs ...string) []byte {
	body := ""
	for _, p := range paragraphs {
		body += `<w:p><w:r><w:t xml:space="preserve">` + p + `</w:t></w:r></w:p>`
	}
	return ziptest.Pack(map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
			`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
			`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>` + body + `</w:body></w:document>`}, nil)
}

var (
	paragraphEnd = regexp.MustCompile(`</p>`)
	anyTag       = regexp.MustCompile(`<[^>]*>`)
)

// linesOf is the text of a page, a line for each paragraph.
func linesOf(html string) string {
	return strings.Join(strings.Fields(anyTag.ReplaceAllString(paragraphEnd.ReplaceAllString(html, "\n"), "")), "\n")
}

// TestLoops fills loops over units of every type, loops in loops, and loops over records.
func TestLoops(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for _, x := range []struct{ by, manager, unit, day, topic string }{
			{"clerk3", "manager2", "荷花社区", "2020-05-09", "进校园"}, {"clerk1", "manager1", "桂花社区", "2020-03-02", "入户讲解"},
			{"clerk2", "manager1", "兰花社区", "2020-03-01", "广场活动"}, {"clerk1", "manager1", "桂花社区", "2019-12-31", "去年的"},
		} {
			v := apptest.Session(x.day, 12)
			v["topic"] = x.topic
			w.Counted(x.by, x.manager, "publicity-session", x.unit, v)
		}
		waits := apptest.Session("2020-06-01", 9)
		waits["topic"] = "还没审核"
		w.Enter("clerk1", "publicity-session", "桂花社区", waits)
		session := "宣传培训场次"
		for name, x := range map[string]struct {
			unit string
			file []string
			want string
		}{
			"units two levels down": {"", []string{"{{#每个 社区}}{{序号}}{{名称}}{{宣传场次}}场{{/每个}}"}, "1桂花社区1场、2兰花社区1场、3荷花社区1场"},
			"by the English name":   {"", []string{"{{#each Community}}{{名称}}{{/each}}"}, "桂花社区、兰花社区、荷花社区"},
			"by the key":            {"", []string{"{{#每个 school}}{{名称}}{{/每个}}"}, "东街小学、西镇小学"},
			"a loop in a loop": {"", []string{"{{#每个 镇街}}", "{{名称}}：{{#每个 社区}}{{名称}}{{/每个}}", "{{/每个}}"},
				"东街：桂花社区、兰花社区\n西镇：荷花社区"},
			"below a street":       {"东街", []string{"{{#每个 小区}}{{名称}}{{/每个}}"}, "桂园、桂苑、兰园"},
			"over a line":          {"教育局", []string{"{{#每个 学校}}{{名称}}{{/每个}}"}, "东街小学、西镇小学"},
			"none of the type":     {"", []string{"有", "{{#每个 业委会}}", "{{名称}}", "{{/每个}}"}, "有"},
			"whether there is one": {"", []string{"{{#如果 有 社区}}有{{/如果}}{{#如果 无 业委会}}无{{/如果}}{{#如果 有 宣传场次}}场{{/如果}}"}, "有无场"},
			"records by day, verified ones of the period": {"", []string{
				"{{#每条 " + session + "}}", "{{序号}}.{{日期}}，{{单位}}：{{topic}}，{{audience}}", "{{/每条}}"},
				"1.2020年3月1日，兰花社区：广场活动，12人次\n2.2020年3月2日，桂花社区：入户讲解，12人次\n3.2020年5月9日，荷花社区：进校园，12人次"},
			"records of a unit": {"", []string{"{{#每个 镇街}}", "{{名称}}：{{#each Publicity session}}{{topic}}{{/each}}", "{{/每个}}"},
				"东街：广场活动、入户讲解\n西镇：进校园"},
			"records that last stand on the last day": {"", []string{"a{{#每条 宣讲队}}{{编号}}{{/每条}}"}, "a"},
		} {
			html := apptest.Text(w.Do(apptest.Ask{As: "office", Method: "POST",
				Path: fmt.Sprintf("/templates/trial?key=&unit=%d&period=2020", w.Units[x.unit]), Body: word(x.file...)}).OK(), "html")
			if got := linesOf(html); got != x.want {
				w.T.Errorf("%s:\n%s\nwant\n%s", name, got, x.want)
			}
		}
		for name, x := range map[string]struct{ file, want string }{
			"an unknown type":       {"{{#每个 楼栋}}{{名称}}{{/每个}}", "可循环的有：三件套三入户、上次议定事项、专项检查"},
			"nearly a type":         {"{{#每个 小社区}}{{名称}}{{/每个}}", "您是否要用“小区”？"},
			"upwards":               {"{{#每个 社区}}{{#每个 镇街}}{{名称}}{{/每个}}{{/每个}}", "这里没有可循环的“镇街”"},
			"an unknown field":      {"{{#每条 " + session + "}}{{天气情况}}{{/每条}}", "没有“天气情况”"},
			"a personal field":      {"{{#每条 讲师}}{{person}}{{/每条}}", "没有“person”"},
			"a figure of a record":  {"{{#每条 " + session + "}}{{宣传人数}}{{/每条}}", "没有“宣传人数”"},
			"an unknown kind":       {"{{#每条 垃圾桶}}{{序号}}{{/每条}}", "没有可循环的“垃圾桶”"},
			"a district in itself":  {"{{#每个 区}}{{名称}}{{/每个}}", "没有“区”"},
			"records below records": {"{{#每条 会议}}{{#每条 会议}}{{序号}}{{/每条}}{{/每条}}", "没有“会议”"},
		} {
			list := apptest.List(w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates/check?key=", Body: word("前", x.file)}).OK(), "faults")
			if len(list) == 0 || apptest.Num(list[0], "paragraph") != 2 || !strings.Contains(apptest.Text(list[0], "message.zh"), x.want) {
				w.T.Errorf("%s: %v", name, list)
			}
		}
	})
}

// TestIssuedLoopsStay: what the loops went through at issue is what the file says, whatever happens before it is rendered; and
// nobody issues a list of records that he does not see whole.
func TestIssuedLoopsStay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		entry, rev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-03-02", 12))
		w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates?key=list&title=list&period=year&kind=bulletin",
			Body: word("{{#每条 宣传培训场次}}{{单位}}{{/每条}}。")}).OK()
		d := w.Post("office", "/documents", apptest.Vals{"template": "list", "unit": w.Units[""], "period": "2020"}, 0).OK()
		doc := apptest.Text(d, "id")
		w.Post("leader", "/documents/"+doc+"/issue", nil, apptest.Num(d, "rev")).OK()
		w.Post("manager1", "/entries/"+entry+"/void", apptest.Vals{"reason": "重复登记"}, rev).OK()
		w.Jobs()
		if got := linesOf(apptest.Text(w.Get("office", "/documents/"+doc).OK(), "html")); got != "桂花社区。" {
			w.T.Errorf("issued: %s", got)
		}
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-03-03", 12))
		reader := access.Scope{District: w.District, Today: int64(period.Of(w.Clock.Now())), Account: w.Accounts["office"],
			Grants: []access.Grant{{Role: "reader", Unit: w.Units[""],
				Verbs: map[access.Verb]bool{document.Read: true, document.Edit: true, document.Issue: true}}}}
		ctx := context.Background()
		var d2 document.Document
		err := w.App.DB.Write(ctx, func(tx *db.Tx) (err error) {
			d2, err = w.App.Documents.Create(ctx, tx, reader, "list", org.No(w.Units[""]), period.Year(2020))
			return err
		})
		apptest.Must(w.T, err)
		v, err := w.App.Documents.Open(ctx, reader, d2.ID)
		apptest.Must(w.T, err)
		if got := linesOf(v.HTML); got != "〔无权查看〕。" {
			w.T.Errorf("a reader without the records sees: %s", got)
		}
		reader.Account = w.Accounts["leader"]
		err = w.App.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Exclusive(ctx, tx, w.District); err != nil {
				return err
			}
			_, err := w.App.Documents.Issue(ctx, tx, reader, d2.ID, d2.Rev)
			return err
		})
		if !errors.Is(err, document.ErrHidden) {
			w.T.Errorf("issued without seeing the records: %v", err)
		}
	})
}

// TestRenewedTemplate: a draft is not filled into another version of its template before a person has decided on its words.
func TestRenewedTemplate(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		put := func(paragraphs ...string) {
			w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/templates?key=brief&title=brief&period=year&kind=bulletin",
				Body: word(paragraphs...)}).OK()
		}
		draft := func(period string) (string, int64) {
			d := w.Post("office", "/documents", apptest.Vals{"template": "brief", "unit": w.Units[""], "period": period}, 0).OK()
			rev := apptest.Num(w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/documents/" + apptest.Text(d, "id") + "/texts",
				Match: apptest.Num(d, "rev"),
				Body:  apptest.Vals{"texts": apptest.Vals{"甲": "写了甲", "乙": "写了乙"}}}).OK(), "rev")
			return apptest.Text(d, "id"), rev
		}
		put("甲：{{文 甲}}", "乙：{{文 乙}}")
		keep, keepRev := draft("2020")
		anew, anewRev := draft("2019")
		sent, sentRev := draft("2018")
		sentRev = apptest.Num(w.Post("office", "/documents/"+sent+"/submit", nil, sentRev).OK(), "rev")
		w.Expect("nothing changed yet", w.Get("office", "/documents/"+keep).OK()["renewed"], nil)
		put("新的。甲：{{文 甲}}", "丙：{{文 丙}}")
		page := w.Get("office", "/documents/"+keep).OK()
		w.Expect("written for", fmt.Sprint(apptest.Num(page, "renewed.was"), apptest.Num(page, "renewed.now"), apptest.At(page, "renewed.lost")), "1 2 [乙]")
		w.Expect("what one may", fmt.Sprint(apptest.At(page, "may.edit"), apptest.At(page, "may.submit"),
			apptest.At(page, "may.renew"), apptest.At(page, "may.discard")),
			"false false true true")
		refused := func(as, method, path string, rev int64, body any) {
			w.Bad(apptest.Ask{As: as, Method: method, Path: path, Match: rev, Body: body}, 409, "document.template-renewed", "", "")
		}
		refused("office", "PUT", "/documents/"+keep+"/texts", keepRev, apptest.Vals{"texts": apptest.Vals{"甲": "x"}})
		refused("office", "POST", "/documents/"+keep+"/submit", keepRev, nil)
		refused("leader", "POST", "/documents/"+keep+"/issue", keepRev, nil)
		refused("leader", "POST", "/documents/"+sent+"/approve", sentRev, nil)
		refused("office", "GET", "/documents/"+keep+"/file", 0, nil)
		w.Post("office", "/documents/"+sent+"/withdraw", nil, sentRev).OK()

		rev := apptest.Num(w.Post("office", "/documents/"+keep+"/renew", apptest.Vals{"anew": false}, keepRev).OK(), "rev")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/documents/" + keep + "/renew", Match: rev, Body: apptest.Vals{"anew": false}}, 409,
			"document.wrong-state", "", "")
		page = w.Get("office", "/documents/"+keep).OK()
		w.Expect("decided", page["renewed"], nil)
		w.Expect("the words stay", linesOf(apptest.Text(page, "html")), "新的。甲：写了甲\n丙：〔待补：丙〕")
		w.Post("office", "/documents/"+anew+"/renew", apptest.Vals{"anew": true}, anewRev).OK()
		w.Expect("anew", linesOf(apptest.Text(w.Get("office", "/documents/"+anew).OK(), "html")), "新的。甲：〔待补：甲〕\n丙：〔待补：丙〕")
	})
}
