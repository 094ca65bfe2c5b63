package account_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"sifen/internal/account"
	"sifen/internal/apptest"
	"sifen/internal/db"
)

// tries signs in n times at once and tells how many were looked at: those that were neither told to wait nor turned away.
func tries(w *apptest.World, n int, who func(i int) (login, pass, remote string)) (looked, right int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	for i := range n {
		all.Go(func() {
			login, pass, remote := who(i)
			_, _, err := w.App.Accounts.SignIn(context.Background(), login, pass, remote)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				looked, right = looked+1, right+1
			case errors.Is(err, account.ErrSignIn):
				looked++
			case !errors.Is(err, account.ErrWait) && !errors.Is(err, account.ErrCrowded):
				w.T.Error(err)
			}
		})
	}
	all.Wait()
	return looked, right
}

// away is an address of its own network.
func away(i int) string { return fmt.Sprintf("198.%d.%d.7:4000", 20+i/250, i%250) }

// TestManyGuessesAtOnce: what counts is counted first, so that no crowd of guesses is looked at while the lock is being read.
func TestManyGuessesAtOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		wrong := func(login string, remote func(int) string) func(int) (string, string, string) {
			return func(i int) (string, string, string) { return login, fmt.Sprint("guess number ", i), remote(i) }
		}
		office := func(int) string { return "192.0.2.1:1000" } // where everybody of these tests has signed in
		cafe := func(int) string { return "203.0.113.9:1000" }

		n, _ := tries(w, 60, wrong("office", cafe))
		w.Expect("sixty guesses of one login from one network, looked at", n, 5)
		n, _ = tries(w, 60, wrong("leader", office))
		w.Expect("the same from where it signed in before", n, 5)
		looked := 0
		for i := range 100 {
			n, _ = tries(w, 1, wrong("clerk1", func(int) string { return away(i) }))
			looked += n
		}
		w.Expect("a hundred networks on one login", looked, 20)
		looked = 0
		for i := range 100 {
			n, _ = tries(w, 1, wrong(fmt.Sprint("somebody", i), func(int) string { return "203.0.114.9:1" }))
			looked += n
		}
		w.Expect("a hundred logins from one network", looked, 40)
		_, right := tries(w, 1, func(int) (string, string, string) { return "clerk1", apptest.Password, "192.0.2.77:5" })
		w.Expect("the owner whom a hundred networks tried, where he was before", right, 1)
		_, right = tries(w, 1, func(int) (string, string, string) { return "clerk1", apptest.Password, "203.0.115.1:5" })
		w.Expect("and somewhere new", right, 0)
		_, right = tries(w, 1, func(int) (string, string, string) { return "clerk2", apptest.Password, "203.0.114.5:5" })
		w.Expect("somebody new in the network that tried a hundred", right, 0)
		_, right = tries(w, 1, func(int) (string, string, string) { return "clerk2", apptest.Password, "203.0.116.5:5" })
		w.Expect("he elsewhere", right, 1)
		hour := 0
		for range 3600 / 15 {
			w.Clock.Advance(15 * time.Second)
			n, _ = tries(w, 1, wrong("office", func(int) string { return away(hour + 1000) }))
			hour += n
		}
		if hour > 60 {
			w.T.Errorf("%d guesses of one login in an hour from many networks, 60 at the most", hour)
		}
		// a new password lets its owner in from anywhere
		once := apptest.Text(w.Post("admin", "/people/"+w.Accounts["clerk1"]+"/reset", nil, 0).OK(), "password")
		_, right = tries(w, 1, func(int) (string, string, string) { return "clerk1", once, "203.0.115.1:5" })
		w.Expect("after a reset", right, 1)
		w.Clock.Advance(25 * time.Hour)
		apptest.Must(w.T, w.App.Tick(context.Background(), "forget-tries"))
		w.Expect("counts are forgotten", w.Scalar(`SELECT count(*) FROM login_try`), 0)
		w.Expect("places are not", w.Scalar(`SELECT count(*) FROM login_known WHERE login_fold = 'clerk2'`), 2)
	})
}

// TestRightOnesAreNotCounted: an office in which many sign in behind one address is no crowd of guesses.
func TestRightOnesAreNotCounted(t *testing.T) {
	w := apptest.New(t, false)
	for i := range 60 {
		_, right := tries(w, 1, func(int) (string, string, string) {
			return apptest.People[i%len(apptest.People)][0], apptest.Password, "203.0.117.1:1"
		})
		w.Expect(fmt.Sprint("sign-in ", i), right, 1)
	}
	w.Expect("what is left of it", w.Scalar(`SELECT coalesce(max(tries), 0) FROM login_try`), 0)
}

// TestNobodyWaitsForAHash: while passwords are being hashed, of a sign-in, a change, a reset and a new person, no transaction
// is open and others write.
func TestNobodyWaitsForAHash(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		free := account.HoldHashing()
		hold := sync.OnceFunc(free)
		defer hold()
		var all sync.WaitGroup
		answers := make([]int, 4)
		for i, ask := range []apptest.Ask{
			{Method: "POST", Path: "/session", Body: apptest.Vals{"login": "leader", "password": apptest.Password}},
			{As: "clerk2", Method: "PUT", Path: "/me/password", Body: apptest.Vals{"old": "not the old one", "new": "a long and good one"}},
			{As: "admin", Method: "POST", Path: "/people", Body: apptest.Vals{"name": "新人", "login": "new", "role": "clerk", "unit": w.Units["桂花社区"]}},
			{As: "admin", Method: "POST", Path: "/people/" + w.Accounts["clerk3"] + "/reset", Body: apptest.Vals{}},
		} {
			all.Go(func() { answers[i] = w.Do(ask).Status })
		}
		account.AwaitHashing(4)
		quick, stop := context.WithTimeout(ctx, 5*time.Second)
		defer stop()
		if err := w.App.DB.Write(quick, func(tx *db.Tx) error {
			_, err := tx.ExecContext(quick, `UPDATE setting SET value = value WHERE district = $1`, w.District)
			return err
		}); err != nil {
			w.T.Errorf("a colleague cannot write: %v", err)
		}
		hold()
		all.Wait()
		w.Expect("the answers", answers, []int{http.StatusOK, 422, http.StatusCreated, http.StatusOK})
	})
}

// TestFloods measures what a colleague's write waits during a flood of guesses, at the sign-in and at the change of a password;
// SIFEN_TIMED=1 asks for it.
func TestFloods(t *testing.T) {
	if os.Getenv("SIFEN_TIMED") == "" {
		t.Skip("measured with SIFEN_TIMED=1")
	}
	w := apptest.New(t, false)
	apptest.Must(t, w.App.DB.Exec(context.Background(), "PRAGMA synchronous = FULL"))
	for what, guess := range map[string]func(i, n int){
		"guesses of many logins from many networks": func(i, n int) {
			from(w, away(i*100+n), fmt.Sprint("login", i, n), "wrong password", false).Body.Close()
		},
		"guesses of one login": func(i, n int) { from(w, away(i), "leader", "wrong password", false).Body.Close() },
		"wrong old passwords": func(i, n int) {
			w.Do(apptest.Ask{As: apptest.People[1+i%(len(apptest.People)-1)][0], Method: "PUT", Path: "/me/password",
				Body: apptest.Vals{"old": "wrong", "new": "a long and good one"}})
		},
	} {
		stop := make(chan struct{})
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
						guess(i, n)
					}
				}
			})
		}
		var took []time.Duration
		for i := range 40 {
			begun := time.Now()
			w.Post("office", "/entries", apptest.Vals{"kind": "publicity-session", "unit": w.Units["桂花社区"],
				"values": apptest.Session("2020-12-05", i+1)}, 0).OK()
			took = append(took, time.Since(begun))
			time.Sleep(20 * time.Millisecond)
		}
		close(stop)
		all.Wait()
		slices.Sort(took)
		t.Logf("%s: a write takes %s, 95 of 100 %s, the longest %s", what, took[len(took)/2], took[len(took)*95/100], took[len(took)-1])
		if took[len(took)*95/100] > 100*time.Millisecond {
			t.Errorf("%s: a colleague waits longer than 100 ms", what)
		}
	}
}
