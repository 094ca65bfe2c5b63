package account

import "time"

// HoldHashing takes every turn to hash until the func it returns is called.
func HoldHashing() (free func()) {
	for range cap(hashing.slots) {
		hashing.slots <- struct{}{}
	}
	return func() {
		for range cap(hashing.slots) {
			<-hashing.slots
		}
	}
}

// AwaitHashing waits until n wait for their turn.
func AwaitHashing(n int) {
	for {
		hashing.mu.Lock()
		have := hashing.lines[strangers] + hashing.lines[known]
		hashing.mu.Unlock()
		if have >= n {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
