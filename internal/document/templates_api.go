package document

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/template"
)

// TemplateView is a template with its versions.
type TemplateView struct {
	Key       string            `json:"key"`
	Title     i18n.Label        `json:"title"`
	Period    string            `json:"period"`
	Kind      string            `json:"kind"`
	KindTitle i18n.Label        `json:"kind_title"`
	Name      string            `json:"name"`
	Version   int64             `json:"version"`
	Texts     []template.Text   `json:"texts"`
	Figures   int               `json:"figures"`
	Versions  []TemplateVersion `json:"versions"`
}

// TemplateVersion is one version of a template. Own ones were brought in here; the others ship with a rule pack.
type TemplateVersion struct {
	Version int64  `json:"version"`
	From    string `json:"from"`
	At      int64  `json:"at"`
	Own     bool   `json:"own"`
}

// TemplateFault is one thing to put right in a Word file.
type TemplateFault struct {
	Paragraph int        `json:"paragraph"`
	Place     i18n.Label `json:"place"`
	Heading   string     `json:"heading"`
	Context   string     `json:"context"`
	Message   i18n.Label `json:"message"`
	Near      string     `json:"near"`
}

// TagName is a name that a template may use.
type TagName struct {
	Tag   string     `json:"tag"`
	Title i18n.Label `json:"title"`
	Sort  string     `json:"sort" enum:"figure,text,header,loop,annex"`
}

func templateFaults(list []docx.Fault) []TemplateFault {
	out := []TemplateFault{}
	for _, f := range list {
		out = append(out, TemplateFault{f.Paragraph, i18n.Label{Zh: f.Place.Zh, En: f.Place.En}, f.Heading, f.Context, i18n.Label{Zh: f.Zh, En: f.En}, f.Near})
	}
	return out
}

func (a *API) registerTemplates(k *httpapi.Kit) {
	type listOut struct {
		Body struct {
			Items []TemplateView   `json:"items"`
			Names []TagName        `json:"names"`
			Kinds []*template.Kind `json:"kinds"`
			May   bool             `json:"may_add"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-templates", Route: "GET /templates", Verb: Read,
		Summary: "Templates with their versions, and the names they may use"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*listOut, error) {
			set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out := &listOut{}
			out.Body.Items, out.Body.Kinds, out.Body.Names = []TemplateView{}, template.Kinds(set), []TagName{}
			out.Body.May = holds(by, Edit, o.Root)
			for _, t := range template.All(set) {
				v := TemplateView{Key: t.Key, Title: t.Title, Period: t.Period, Kind: t.KindKey(), Name: t.Name, Version: t.Version, Texts: t.Texts,
					Figures: t.FigureCount(set), Versions: []TemplateVersion{}}
				if v.Texts == nil {
					v.Texts = []template.Text{}
				}
				if kind, err := template.KindOf(set, v.Kind); err == nil {
					v.KindTitle = kind.Title
				}
				versions, err := template.Versions(ctx, a.DB.Read, by.District, t.Key)
				if err != nil {
					return nil, err
				}
				for _, x := range versions {
					from := ""
					if x.From > 0 {
						from = x.From.String()
					}
					v.Versions = append(v.Versions, TemplateVersion{x.Version, from, x.AppliedAt, x.Pack == "desk"})
				}
				out.Body.Items = append(out.Body.Items, v)
			}
			for _, obj := range set.List("indicators") {
				if def, ok := obj.Value.(indicator.Definition); ok {
					name := def.Title.Zh
					if len(def.Names) > 0 {
						name = def.Names[0]
					}
					out.Body.Names = append(out.Body.Names, TagName{"{{" + name + "}}", def.Title, "figure"})
				}
			}
			for _, h := range template.Headers {
				out.Body.Names = append(out.Body.Names, TagName{"{{" + h + "}}", headerTitle[h], "header"})
			}
			for _, l := range template.LoopTags(set) {
				out.Body.Names = append(out.Body.Names, TagName{l.Tag, l.Title, "loop"})
			}
			out.Body.Names = append(out.Body.Names,
				TagName{"{{文 存在问题}}", i18n.Label{Zh: "自己写的文字", En: "A passage of one's own"}, "text"}, TagName{"{{附表 数据来源}}",
					i18n.Label{Zh: "数据来源附表", En: "Annex of sources"}, "annex"})
			return out, nil
		})
	type checkIn struct {
		Key     string `query:"key" maxLength:"60"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type checkOut struct {
		Body struct {
			Faults   []TemplateFault `json:"faults"`
			Warnings []TemplateFault `json:"warnings" doc:"it can be used; what would go out with the document, or is no tag"`
			Texts    []template.Text `json:"texts"`
			Figures  int             `json:"figures"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "check-template", Route: "POST /templates/check", Verb: Edit, MaxBody: MaxFile + 1024,
		Summary: "Check a Word template: every fault with its place"},
		func(ctx context.Context, by access.Scope, in *checkIn) (*checkOut, error) {
			set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			known, _ := template.Of(set, in.Key) // a new key knows no texts yet
			x, err := template.Check(set, in.RawBody, known)
			if err != nil {
				return nil, err
			}
			out := &checkOut{}
			out.Body.Faults, out.Body.Warnings, out.Body.Texts = templateFaults(x.Faults), templateFaults(x.Told), x.Texts
			if x.Texts == nil {
				out.Body.Texts = []template.Text{}
			}
			if len(x.Faults) == 0 {
				out.Body.Figures = len(x.Word.Figures(template.Catalogue(set, &template.Template{Texts: x.Texts})))
			}
			return out, nil
		})
	type addIn struct {
		httpapi.OperationID
		Key     string `query:"key" maxLength:"40"`
		Title   string `query:"title" maxLength:"60"`
		TitleEn string `query:"title_en" maxLength:"80"`
		Period  string `query:"period" enum:"year,quarter,month"`
		Kind    string `query:"kind" maxLength:"60"`
		Name    string `query:"name" maxLength:"100" doc:"of documents; may hold {单位} and {期间}"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type added struct {
		Key      string          `json:"key"`
		Version  int64           `json:"version"`
		Warnings []TemplateFault `json:"warnings" doc:"what would go out with the document, or is no tag"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-template", Route: "POST /templates", Verb: Edit, Alone: true, MaxBody: MaxFile + 1024,
		Summary: "Bring in a template, or a new version of one"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[added], error) {
			n, told, err := a.AddTemplate(ctx, tx, by, Offer{Key: in.Key, Title: i18n.Label{Zh: in.Title, En: in.TitleEn}, Period: in.Period, Kind: in.Kind,
				Name: in.Name, Content: in.RawBody})
			return &httpapi.Reply[added]{Status: http.StatusCreated, Body: added{in.Key, n, templateFaults(told)}}, err
		})
	type trialIn struct {
		Key     string `query:"key" maxLength:"60"`
		Unit    int64  `query:"unit"`
		Period  string `query:"period"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type trialOut struct {
		Body struct {
			HTML   string          `json:"html"`
			Faults []TemplateFault `json:"faults"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "try-template", Route: "POST /templates/trial", Verb: Edit, MaxBody: MaxFile + 1024,
		Summary: "Fill a template with the figures of a period, without keeping anything"},
		func(ctx context.Context, by access.Scope, in *trialIn) (*trialOut, error) {
			out := &trialOut{}
			var filled *docx.Filled
			var faults []docx.Fault
			err := a.trial(ctx, by, in.Key, in.Unit, in.Period, in.RawBody, &filled, &faults)
			if err != nil {
				return nil, err
			}
			out.Body.Faults = templateFaults(faults)
			if filled != nil {
				out.Body.HTML = filled.HTML()
			}
			return out, nil
		})
	type fileIn struct {
		Key    string `path:"key"`
		Unit   int64  `query:"unit"`
		Period string `query:"period" doc:"empty is the template itself, else it is filled for the period"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "template-file", Route: "GET /templates/{key}/file", Verb: Read,
		Summary: "The Word file of a template, or a trial of it"},
		func(ctx context.Context, by access.Scope, in *fileIn) (*huma.StreamResponse, error) {
			set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			t, err := template.Of(set, in.Key)
			if err != nil {
				return nil, err
			}
			raw, ok := template.FileOf(set, t)
			if !ok {
				return nil, ErrNoFile
			}
			name := t.Title.Zh
			if in.Period != "" {
				var filled *docx.Filled
				var faults []docx.Fault
				if err := a.trial(ctx, by, in.Key, in.Unit, in.Period, raw, &filled, &faults); err != nil {
					return nil, err
				}
				if filled == nil {
					return nil, ErrFaults.With("n", len(faults), "first", i18n.Label{Zh: faults[0].String(), En: faults[0].English()})
				}
				if raw, err = filled.Bytes(); err != nil {
					return nil, err
				}
				name += "（试填）"
			}
			return httpapi.Download(raw, httpapi.DOCX, name+".docx"), nil
		})
}

// trial fills the bytes that came, or without any the template as it is in force.
func (a *API) trial(ctx context.Context, by access.Scope, key string, unit int64, per string, raw []byte, filled **docx.Filled, faults *[]docx.Fault) error {
	return a.DB.Snapshot(ctx, func(q db.Querier) error {
		n, p, _, err := a.Figures.Asked(ctx, q, by, unit, per)
		if err != nil {
			return err
		}
		set, err := a.Packs.Current(ctx, q, by.District)
		if err != nil {
			return err
		}
		known, err := template.Of(set, key)
		if len(raw) == 0 {
			if err != nil {
				return err
			}
			raw, _ = template.FileOf(set, known)
		}
		*filled, *faults, err = a.Trial(ctx, q, by, raw, known, n, p)
		return err
	})
}

var headerTitle = map[string]i18n.Label{"单位": {Zh: "单位", En: "Unit"}, "期间": {Zh: "期间", En: "Period"}, "日期": {Zh: "日期", En: "Date of issue"},
	"文号": {Zh: "发文字号", En: "Number"}}
