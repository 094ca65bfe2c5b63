package doctor_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/module"
)

// found are the findings of a whole examination, by check.
func found(w *apptest.World, depth module.Depth) map[string]string {
	w.T.Helper()
	reports, err := w.App.Doctor.Examine(context.Background(), w.App.DB.Read, w.District, depth)
	apptest.Must(w.T, err)
	out := map[string]string{}
	for _, r := range reports {
		for _, f := range r.Found {
			out[r.Name.En] += f.Zh + "\n"
		}
	}
	return out
}

// TestDamageIsFoundAndTold: what changed behind the program's back is named, and administrators hear of it the same day.
func TestDamageIsFoundAndTold(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		photo := apptest.Photo(4)
		sha := w.Upload("clerk1", photo)
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.With(apptest.Session("2020-12-05", 1), "photos", []string{sha}))
		apptest.Must(w.T, w.App.Seal(ctx))
		w.Expect("all is well", found(w, module.Whole), map[string]string{})
		news := func() int64 {
			return w.Scalar(`SELECT count(*) FROM notice WHERE kind = 'doctor' AND title_zh LIKE '%操作日志：第 3 行被改动%'`)
		}
		apptest.Must(w.T, w.App.Tick(ctx, "doctor"))
		w.Expect("nothing to tell", news(), 0)

		file := filepath.Join(w.Dir, "evidence", sha[:2], sha)
		apptest.Must(w.T, os.WriteFile(file, photo[:50], 0o600))
		got := found(w, module.Whole)
		w.Expect("a photo that was cut", len(got) == 1 && strings.Contains(got["photos and files"], sha), true)
		turns := 0
		for range 32 {
			if len(found(w, module.Share)) > 0 {
				turns++
			}
			w.Clock.Advance(24 * time.Hour)
		}
		w.Expect("a share a day finds it once in a round", turns, 1)
		apptest.Must(w.T, os.WriteFile(file, photo, 0o600))

		apptest.Must(w.T, w.App.DB.Exec(ctx, `UPDATE journal SET actor = 'nobody' WHERE seq = 3`))
		w.Expect("a line that was changed", found(w, module.Whole), map[string]string{"journal": "第 3 行被改动、删除或插入过\n"})
		apptest.Must(w.T, w.App.Tick(ctx, "doctor"))
		w.Expect("the administrator hears", news(), 1)
		apptest.Must(w.T, w.App.DB.Exec(ctx, `DELETE FROM journal WHERE seq = 3`))
		w.Expect("a line that was removed", found(w, module.Whole), map[string]string{"journal": "第 3 行被改动、删除或插入过\n"})
	})
}

// TestReadyMeansWritable: a node that can read and not write says so.
func TestReadyMeansWritable(t *testing.T) {
	w := apptest.New(t, false)
	ready := func() (int, string) {
		r, err := http.Get(w.Server.URL + "/readyz")
		apptest.Must(t, err)
		defer r.Body.Close()
		raw, err := io.ReadAll(r.Body)
		apptest.Must(t, err)
		return r.StatusCode, strings.TrimSpace(string(raw))
	}
	if code, said := ready(); code != 200 {
		t.Fatalf("a sound node: %d %s", code, said)
	}
	apptest.Must(t, w.App.DB.Exec(context.Background(), "PRAGMA query_only = ON"))
	if code, said := ready(); code != 503 || said != "database: cannot write" {
		t.Errorf("a node that cannot write: %d %s", code, said)
	}
	apptest.Must(t, w.App.DB.Exec(context.Background(), "PRAGMA query_only = OFF"))
	if code, _ := ready(); code != 200 {
		t.Errorf("and again: %d", code)
	}
}
