package main

import (
	"context"
	"errors"
)

type demoCmd struct {
	data    `embed:""`
	Addr    string `help:"Address to listen on." default:"127.0.0.1:8080"`
	NoServe bool   `help:"Stop after writing the summary."`
}

func (c demoCmd) Run(context.Context) error { return errors.New("demo: merge pending") }
