package httpapi

import (
	"context"
	"testing"
	"time"
)

// TestBodiesShareABudget: small ones never wait; of large ones a person sends a few at once, and all together no more than
// there is room for.
func TestBodiesShareABudget(t *testing.T) {
	b := newBodies()
	soon, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var give []func()
	for range largePerson {
		release, ok := b.take(soon, "a", 20<<20)
		if !ok {
			t.Fatal("a few at once are taken")
		}
		give = append(give, release)
	}
	if _, ok := b.take(soon, "a", 20<<20); ok {
		t.Error("one more of the same person is taken")
	}
	for range 1000 {
		if _, ok := b.take(soon, "a", smallBody); !ok {
			t.Fatal("a small one is refused")
		}
	}
	for _, who := range []string{"b", "b", "b", "b", "c"} {
		release, ok := b.take(soon, who, 20<<20)
		if !ok {
			t.Fatalf("another person's is refused while there is room")
		}
		give = append(give, release)
	}
	if _, ok := b.take(soon, "d", 20<<20); ok { // 180 MB are taken
		t.Error("more is taken than there is room for")
	}
	for _, release := range give {
		release()
	}
	if release, ok := b.take(context.Background(), "a", allBodies); !ok {
		t.Error("room was not given back")
	} else {
		release()
	}
	if len(b.by) != 0 {
		t.Errorf("persons are remembered: %v", b.by)
	}
}
