# One product, two commands: make run, make test. Everything else is here to be looked up.
export GOTOOLCHAIN ?= go1.27.3
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS = -s -w -X sifen/internal/app.Version=$(VERSION)

.PHONY: help run build web test go-test race api check e2e bench faults needs

help: ## show this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: build ## build, set up the demonstration district, serve it on http://127.0.0.1:8080
	bin/sifen demo --data demo-data --addr 127.0.0.1:8080

web/node_modules: web/package-lock.json web/package.json
	cd web && npm ci
	touch web/node_modules

web: web/node_modules ## build the front end into web/dist
	cd web && npm run build

build: web ## build bin/sifen with its pages
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/sifen ./cmd/sifen

needs: ## install what tests need (as root) or say the command
	scripts/needs

test: needs ## everything: Go on SQLite and PostgreSQL, documents in LibreOffice, front end, journeys in Chromium
	scripts/test

go-test: ## only the Go tests that need nothing else
	$(GO) test ./...

api: ## write docs/openapi.json and the front end's types from it
	$(GO) run ./cmd/sifen openapi --out docs/openapi.json
	cd web && npm run -s api

race: ## the race detector over what is concurrent
	$(GO) test -race ./internal/db ./internal/outbox ./internal/httpapi ./internal/indicator ./internal/ledger ./internal/reorg ./internal/app

check: ## format, vet, linters, layers, generated files
	scripts/check

e2e: build ## browser journeys against bin/sifen
	scripts/e2e

bench: build ## measure on 1,000,000 entries and in Chromium; writes bench/results.json and docs/performance.md
	SIFEN_TIMED=1 scripts/e2e --trace=off --workers=1 due.spec table.spec work.spec journey.spec keys.spec import.spec points.spec
	$(GO) run ./bench -answers out/answers.jsonl

faults: needs ## kill, cut, fill, flip, upgrade: 540 loops under acknowledged writes, as root; writes docs/reliability.md
	$(GO) run ./faults
