package org_test

import (
	"testing"

	"sifen/internal/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
