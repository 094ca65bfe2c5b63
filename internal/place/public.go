package place

import (
	"bytes"
	"context"
	"fmt"
	"html/template"

	"sifen/internal/i18n"
	"sifen/internal/period"
)

// Category names a waste category for containers. The colours are screen approximations of GB/T 19095.
type Category struct {
	Key    string
	Title  i18n.Label
	Colour string
}

var categories = []Category{
	{"food", i18n.Label{Zh: "厨余垃圾", En: "Food waste"}, "#0b7d3b"},
	{"recyclable", i18n.Label{Zh: "可回收物", En: "Recyclables"}, "#236192"},
	{"hazard", i18n.Label{Zh: "有害垃圾", En: "Hazardous waste"}, "#d3281b"},
	{"other", i18n.Label{Zh: "其他垃圾", En: "Residual waste"}, "#4a4d4a"},
}

func clockText(minute int64) string { return fmt.Sprintf("%d:%02d", minute/60, minute%60) }

type publicBin struct {
	Title, Colour string
	Number        int64
	Litres        int64
}

type publicPage struct {
	Lang, Title, Type, Code, Where, Hours, Manager, State string
	Working                                               bool
	Bins                                                  []publicBin
	Words                                                 map[string]string
	Staff, Other                                          string
}

var publicWords = map[i18n.Lang]map[string]string{
	i18n.Zh: {"hours": "投放时间", "bins": "投什么", "who": "谁负责", "where": "在哪里", "code": "编号", "staff": "工作人员入口", "other": "English", "open": "可以投放",
		"closed": "现在不能投放", "litres": "升", "always": "全天", "none": "没有填写", "sorry": "没有这个编号的投放点", "hint": "编号可能抄错了，请再扫一次码。", "missing": "找不到"},
	i18n.En: {"hours": "Hours", "bins": "What goes here", "who": "Who answers for it", "where": "Where", "code": "Code", "staff": "For staff",
		"other": "中文", "open": "Open for use", "closed": "Not in use now", "litres": "L", "always": "All day", "none": "Not given",
		"sorry": "There is no place with this code", "hint": "The code may be wrong: please scan it again.", "missing": "Not found"},
}

// Public renders what anybody may know of a place: no person, no record, no figure.
func (s *Service) Public(ctx context.Context, code string, lang i18n.Lang) ([]byte, error) {
	words := publicWords[lang]
	if words == nil {
		lang, words = i18n.Zh, publicWords[i18n.Zh]
	}
	page := publicPage{Lang: map[i18n.Lang]string{i18n.Zh: "zh-CN", i18n.En: "en"}[lang], Words: words,
		Other: map[i18n.Lang]string{i18n.Zh: "en", i18n.En: "zh"}[lang]}
	district, p, err := ByCode(ctx, s.DB.Read, code)
	if err == nil && (p.State == Proposed || p.State == Consulted || p.State == Approved || p.State == Dropped) {
		err = ErrPlace // what does not exist yet is nobody's business
	}
	if err != nil {
		if err != ErrPlace { //nolint:errorlint // the plain value, never wrapped here
			return nil, err
		}
		var out bytes.Buffer
		if err := publicTemplate.Execute(&out, page); err != nil {
			return nil, err
		}
		return out.Bytes(), ErrPlace
	}
	o, err := s.Orgs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return nil, err
	}
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return nil, err
	}
	day := period.Of(s.Clock.Now())
	page.Title, page.Code, page.Manager, page.Where = p.Name, p.Code, manager(o, p.Unit, day), o.Path(p.Unit, day)
	if p.Body.Address != "" {
		page.Where = p.Body.Address
	}
	if t, ok := TypeOf(set, p.Type); ok {
		page.Type = t.Title.In(lang)
	}
	page.Working, page.State, page.Staff = p.State == Open, words["open"], "/points/"+p.ID
	if !page.Working {
		page.State = words["closed"]
	}
	for i, h := range p.Body.Hours {
		if i > 0 {
			page.Hours += "  "
		}
		page.Hours += clockText(h.From) + "–" + clockText(h.Until)
	}
	if page.Hours == "" || len(p.Body.Hours) == 1 && p.Body.Hours[0] == (Hours{0, 1440}) {
		page.Hours = words["always"]
	}
	for _, c := range categories {
		for _, b := range p.Body.Containers {
			if b.Category == c.Key {
				page.Bins = append(page.Bins, publicBin{c.Title.In(lang), c.Colour, b.Number, b.Litres})
			}
		}
	}
	var out bytes.Buffer
	err = publicTemplate.Execute(&out, page)
	return out.Bytes(), err
}

var publicTemplate = template.Must(template.New("p").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{{if .Title}}{{.Title}}{{else}}{{.Words.missing}}{{end}}</title>
<style>
body{margin:0;background:#f3f2ee;color:#1b2426;
font:17px/1.6 "PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:560px;margin:0 auto;background:#fff;min-height:100vh;padding:20px 20px 32px;box-sizing:border-box}
h1{font-size:26px;line-height:1.35;margin:2px 0 8px}h2{font-size:15px;font-weight:400;color:#3f4a4d;margin:22px 0 6px}p{margin:0}
.t{color:#3f4a4d}.s{display:inline-block;padding:4px 12px;border-radius:6px;background:#e1eeef;color:#0d444e;font-weight:600}
.s.off{background:#fbf0d3;color:#7a4d00}
.h{font-size:24px;font-weight:600}ul{list-style:none;margin:0;padding:0;display:grid;gap:8px}
li{display:flex;align-items:center;justify-content:space-between;gap:12px;padding:14px 16px;border-radius:6px;color:#fff;font-weight:600;font-size:19px}
li span{font-weight:400;font-size:15px}
footer{margin-top:28px;padding-top:14px;border-top:1px solid #dedfda;display:flex;flex-wrap:wrap;align-items:center;gap:8px 24px;color:#3f4a4d}
a{color:#11606d;padding:10px 0;display:inline-block}
</style></head><body><main>
{{if .Title}}<p class="t">{{.Type}}</p><h1>{{.Title}}</h1><p class="s{{if not .Working}} off{{end}}">{{.State}}</p>
<h2>{{.Words.hours}}</h2><p class="h">{{.Hours}}</p>
<h2>{{.Words.bins}}</h2>{{if .Bins}}<ul>{{range .Bins -}}
<li style="background:{{.Colour}}">{{.Title}}<span>{{.Number}} × {{.Litres}} {{$.Words.litres}}</span></li>
{{- end}}</ul>{{else}}<p>{{.Words.none}}</p>{{end}}
<h2>{{.Words.where}}</h2><p>{{.Where}}</p><h2>{{.Words.who}}</h2><p>{{.Manager}}</p>
<footer><span>{{.Words.code}} {{.Code}}</span><a href="?lang={{.Other}}">{{.Words.other}}</a><a href="{{.Staff}}">{{.Words.staff}}</a></footer>
{{else}}<h1>{{.Words.sorry}}</h1><p class="t">{{.Words.hint}}</p><footer><a href="?lang={{.Other}}">{{.Words.other}}</a></footer>{{end}}
</main></body></html>`))
