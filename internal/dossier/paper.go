package dossier

import (
	"context"
	"embed"
	"fmt"

	"sifen/internal/docx"
	"sifen/internal/rectify"
)

//go:embed papers/*.docx
var papers embed.FS

// paper is what a Word template is filled with: words by name, paragraphs, pictures, and the turns of its loops.
type paper struct {
	says  map[string]string
	texts map[string][]string
	pics  map[string]docx.Picture
	loops map[string][]paper
}

func newPaper() paper {
	return paper{map[string]string{}, map[string][]string{}, map[string]docx.Picture{}, map[string][]paper{}}
}

// Figure implements docx.Source; these papers cite none.
func (p paper) Figure(docx.Ref) (docx.Figure, error) { return docx.Figure{Missing: true}, nil }

// Has implements docx.Source.
func (p paper) Has(name string) bool {
	_, pic := p.pics[name]
	return pic || p.says[name] != "" || len(p.texts[name]) > 0 || len(p.loops[name]) > 0
}

// Text implements docx.Source.
func (p paper) Text(name string) []string { return p.texts[name] }

// Header implements docx.Source.
func (p paper) Header(name string) string { return p.says[name] }

// Each implements docx.Source.
func (p paper) Each(name string) ([]docx.Source, error) {
	out := make([]docx.Source, 0, len(p.loops[name]))
	for _, turn := range p.loops[name] {
		out = append(out, turn)
	}
	return out, nil
}

// Picture implements docx.Source.
func (p paper) Picture(name string) (docx.Picture, bool) {
	x, ok := p.pics[name]
	return x, ok
}

// Annex implements docx.Source; these papers have none.
func (p paper) Annex(string) docx.Annex { return docx.Annex{} }

// catalogues are the names that the templates of these papers may use.
var catalogues = map[string]*docx.Catalogue{
	"report": {
		Headers: []string{"主送", "发现", "地点", "问题", "编号", "文号", "责任单位", "日期"}, Texts: []string{"存在问题", "整改措施"},
		Loops: map[string]*docx.Catalogue{"照片": {Headers: []string{"前说明", "后说明"}, Pictures: []string{"整改前", "整改后"}}},
	},
	"photos": {Headers: []string{"文书"}, Loops: map[string]*docx.Catalogue{"照片": twoPictures}},
	"transfer": {
		Headers: []string{"编号", "移送单位", "责任单位", "地点", "问题", "发现", "移送", "不合格", "理由", "行为日", "移送日"},
		Loops: map[string]*docx.Catalogue{
			"经过": {Headers: []string{"时间", "事项", "经办", "说明"}}, "依据": {Headers: []string{"情形", "行为时", "移送时"}},
			"照片": twoPictures, "材料": {Headers: []string{"序号", "材料", "来源", "摘要"}},
		},
	},
}

var twoPictures = &docx.Catalogue{Headers: []string{"左说明", "右说明"}, Pictures: []string{"左", "右"}}

// word fills a template.
func word(key string, p paper) ([]byte, error) {
	raw, err := papers.ReadFile("papers/" + key + ".docx")
	if err != nil {
		return nil, err
	}
	t, err := docx.Open(raw)
	if err != nil {
		return nil, fmt.Errorf("the template of %s: %w", key, err)
	}
	filled, err := t.Render(catalogues[key], p)
	if err != nil {
		return nil, fmt.Errorf("filling %s: %w", key, err)
	}
	return filled.Bytes()
}

// shot is a photo of a case with where it comes from.
type shot struct {
	sha, says string
	after     bool
	round     int64
	at        int64
}

// mostShots is how many photos a paper shows; the file that is handed over has all of them.
const mostShots = 40

// shots are the photos of a case in the order in which they came, each once. until leaves out what was received after that
// instant; 0 leaves out nothing.
func shots(events []rectify.Event, until int64) []shot {
	var out []shot
	seen := map[string]bool{}
	for _, e := range events {
		if until > 0 && e.ReceivedAt > until {
			break
		}
		for _, sha := range e.Body.Photos {
			if !seen[sha] {
				seen[sha] = true
				out = append(out, shot{sha, stamp(e.At) + "　" + opNames[e.Op], e.Op == rectify.OpReply, e.Round, e.At})
			}
		}
	}
	return out
}

// print is a photo as papers carry it: small enough that forty of them fit into a letter.
func (s *Service) print(ctx context.Context, sha, alt string) (docx.Picture, error) {
	raw, err := s.Evidence.Copy(ctx, sha, "print")
	return docx.Picture{Bytes: raw, Alt: alt}, err
}

// inTwos puts photos side by side.
func (s *Service) inTwos(ctx context.Context, list []shot) ([]paper, error) {
	var out []paper
	for i, x := range list[:min(len(list), mostShots)] {
		side := "左"
		if i%2 == 1 {
			side = "右"
		} else {
			out = append(out, newPaper())
		}
		pic, err := s.print(ctx, x.sha, x.says)
		if err != nil {
			return nil, err
		}
		out[len(out)-1].pics[side], out[len(out)-1].says[side+"说明"] = pic, x.says
	}
	return out, nil
}
