package i18n

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var codes = regexp.MustCompile(`"((?:http|db|outbox|value|ledger|document|org|account|evidence|closing|reorg|import|indicator|plan|place|bulk|due|` +
	`notify|seal|doctor|rectify|inspect|field|paper|calendar|dispatch|assess|fund|attribute|special|checklist)\.[a-z]+(?:-[a-z]+)*)"`)

// notCodes are verbs, facts and kinds that look like codes.
var notCodes = regexp.MustCompile(`^(ledger|document|org|account|closing|figure|pack|plan|place|due|notify|rectify|inspect|field|dispatch|` +
	`assess|fund|special|checklist)\.` +
	`(read|type|reply|recheck|decide|reopen|revoke|transfer|visit|propose|approve|outlines|takeover|` +
	`enter|verify|void|edit|issue|create|sign-in|sign-out|delete|import|changed|render|submit|withdraw|return|receive|sign|report|tick|import-undo|` +
	`plan|calibrate|drawn|remind|deliver|comment|bulk|check|index|pay|object)$|^evidence\.(put|look)$`)

func TestEveryCodeHasSentencesInBothLanguages(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	below, err := filepath.Glob("../*/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, below...)
	used := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || strings.Contains(f, "/i18n/") {
			continue
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(raw), -1) {
			if notCodes.MatchString(m[1]) && !Known(m[1]) {
				continue
			}
			used[m[1]] = true
			if !Known(m[1]) {
				t.Errorf("%s: %s has no sentences", f, m[1])
			}
		}
	}
	for code, l := range sentences {
		if l.Zh == "" || l.En == "" {
			t.Errorf("%s lacks a language", code)
		}
		if !used[code] {
			t.Errorf("%s is used nowhere", code)
		}
		for _, m := range regexp.MustCompile(`\{\w+\}`).FindAllString(l.Zh, -1) {
			if !strings.Contains(l.En, m) {
				t.Errorf("%s: English lacks %s", code, m)
			}
		}
	}
}
