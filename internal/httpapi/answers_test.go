package httpapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

type part struct {
	Names []string `json:"names"`
	Left  []string `json:"left,omitempty"`
}

type inner struct {
	Lists [][]int64 `json:"lists"`
}

type answer struct {
	inner
	Parts []part           `json:"parts"`
	One   *part            `json:"one"`
	None  *part            `json:"none"`
	Opt   *part            `json:"opt,omitempty"`
	By    map[string]part  `json:"by"`
	Any   any              `json:"any"`
	Raw   json.RawMessage  `json:"raw"`
	Bytes []byte           `json:"bytes"`
	Keep  map[string]int64 `json:"keep"`
}

func TestNoListOfAnAnswerIsNull(t *testing.T) {
	t.Parallel()
	shared := part{}
	in := answer{Parts: []part{shared, {Names: []string{"a"}}}, One: &shared, By: map[string]part{"x": {}}, Any: part{}, Raw: json.RawMessage(`1`),
		Keep: map[string]int64{}}
	out, err := filled(nil, "200", in)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"lists":[],"parts":[{"names":[]},{"names":["a"]}],"one":{"names":[]},"none":null,"by":{"x":{"names":[]}},"any":{"names":[]},"raw":1,` +
		`"bytes":null,"keep":{}}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
	if shared.Names != nil || in.Parts[0].Names != nil || in.By["x"].Names != nil {
		t.Error("what the handler gave was written to")
	}
}

func TestWhatNeedsNothingIsGivenBackAsItIs(t *testing.T) {
	t.Parallel()
	in := &answer{inner: inner{Lists: [][]int64{}}, Parts: []part{}}
	out, err := filled(nil, "200", in)
	if err != nil || out != any(in) {
		t.Errorf("copied for nothing: %v", err)
	}
}

func TestAnObjectThatMayBeNullIsDeclaredSo(t *testing.T) {
	t.Parallel()
	r := huma.NewMapRegistry("#/components/schemas/", schemaNames())
	r.Schema(reflect.TypeFor[answer](), true, "")
	raw, err := json.Marshal(map[string]any{"components": map[string]any{"schemas": r.Map()}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := withNulls(raw, r)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]json.RawMessage `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	for name, may := range map[string]bool{"one": true, "none": true, "opt": false} {
		if got := strings.Contains(string(doc.Components.Schemas["HttpapiAnswer"].Properties[name]), `"null"`); got != may {
			t.Errorf("%s may be null: %v", name, got)
		}
	}
}
