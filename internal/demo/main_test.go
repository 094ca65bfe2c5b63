package demo_test

import (
	"testing"

	"sifen/internal/dbtest"
)

// TestMain stops the PostgreSQL server that a test may have started.
func TestMain(m *testing.M) { dbtest.Main(m) }
