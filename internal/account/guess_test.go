package account

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestHowLongTheWaitsBecome(t *testing.T) {
	for _, c := range []struct {
		what  string
		tries int64
		want  time.Duration
	}{
		{byPair, 0, 0}, {byPair, 4, 0}, {byPair, 5, 5 * time.Second}, {byPair, 6, 10 * time.Second}, {byPair, 12, 640 * time.Second},
		{byPair, 13, 15 * time.Minute}, {byPair, 1 << 40, 15 * time.Minute},
		{byLogin, 19, 0}, {byLogin, 20, 5 * time.Second}, {byNetwork, 39, 0}, {byNetwork, 40, 5 * time.Second}, {byNetwork, 99, time.Minute},
		{byScreen, 5, 5 * time.Second},
	} {
		if got := limitOf(c.what).pause(c.tries); got != c.want {
			t.Errorf("%d of %s: %s, want %s", c.tries, c.what, got, c.want)
		}
	}
}

// The lines at the door are bounded, each by itself, and whoever leaves makes room.
func TestTurns(t *testing.T) {
	ctx := context.Background()
	turn := newTurns(1, 2)
	first, err := turn.take(ctx, strangers)
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(ctx)
	done := make(chan error)
	for range 2 {
		go func() {
			end, err := turn.take(gone, strangers)
			if err == nil {
				end()
			}
			done <- err
		}()
	}
	waits := func(n int) {
		for {
			turn.mu.Lock()
			have := turn.lines[strangers]
			turn.mu.Unlock()
			if have == n {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	waits(2)
	if _, err := turn.take(ctx, strangers); !errors.Is(err, ErrCrowded) {
		t.Errorf("a third stranger: %v", err)
	}
	inside := make(chan error)
	go func() {
		end, err := turn.take(ctx, known)
		if err == nil {
			end()
		}
		inside <- err
	}()
	leave()
	for range 2 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("who went away: %v", err)
		}
	}
	waits(0)
	first()
	if err := <-inside; err != nil {
		t.Errorf("somebody known, while strangers crowd the door: %v", err)
	}
}

func TestWhichLoginsAreTaken(t *testing.T) {
	for what, c := range map[string]struct {
		login string
		ok    bool
		fold  string
	}{
		"plain":                      {"Yuxiang.JB-2@x+y_z", true, "yuxiang.jb-2@x+y_z"},
		"Chinese":                    {"王芳2", true, "王芳2"},
		"full width is folded":       {"ａｄｍｉｎ", true, "admin"},
		"capitals are folded":        {"ADMIN", true, "admin"},
		"a Cyrillic letter":          {"аdmin", false, "аdmin"},
		"a Greek letter":             {"αdmin", false, "αdmin"},
		"all of it Cyrillic":         {"сор", false, "сор"},
		"a Latin letter like an i":   {"admın", false, "admın"},
		"a letter with a sign on it": {"ádmin", false, "ádmin"},
		"a sign that combines":       {"a\u0301dmin", false, "ádmin"},
		"a sign over a digit":        {"admin1\u0332", false, "admin1\u0332"},
		"a space of no width":        {"ad\u200bmin", false, "ad\u200bmin"},
		"a joiner of no width":       {"ad\u200dmin", false, "ad\u200dmin"},
		"a mark of direction":        {"\u202eadmin", false, "\u202eadmin"},
		"a variation selector":       {"王\ufe00芳", false, "王\ufe00芳"},
		"a blank":                    {"ad min", false, "ad min"},
		"a soft hyphen":              {"ad\u00admin", false, "ad\u00admin"},
		"nothing":                    {"  ", false, ""},
	} {
		if err := CheckLogin(c.login); (err == nil) != c.ok || Fold(c.login) != c.fold {
			t.Errorf("%s: %q is %v, folded %q", what, c.login, err, Fold(c.login))
		}
	}
}
