package fund_test

import (
	"testing"

	"sifen/internal/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }
