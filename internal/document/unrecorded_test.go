package document_test

import (
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestCompletenessOfADraft: figures whose ledgers nobody ever used are named in a draft; one record of a ledger makes all of
// its figures numbers.
func TestCompletenessOfADraft(t *testing.T) {
	w := apptest.New(t, false)
	doc, _ := w.Draft("", "2020")
	count := func() (sessions, others int) {
		for _, c := range apptest.List(w.Get("office", "/documents/"+doc).OK(), "cited") {
			switch {
			case apptest.At(c, "unrecorded") != true:
			case strings.HasPrefix(apptest.Text(c, "key"), "publicity.sessions"):
				sessions++
			default:
				others++
			}
		}
		return sessions, others
	}
	sessions, others := count()
	if sessions == 0 || others == 0 {
		t.Fatalf("nothing was recorded, and %d and %d figures say so", sessions, others)
	}
	w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 30))
	w.Jobs()
	if now, rest := count(); now != 0 || rest == 0 || rest >= others+1 {
		t.Errorf("with a session %d of its figures and %d others are not recorded; before %d, %d", now, rest, sessions, others)
	}
}
