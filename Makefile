# Plumb's house work. `make help` lists it.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# What `make run` scans: make run ARGS="scan aws --region eu-central-1"
ARGS     ?= scan code examples/shop
FUZZTIME ?= 20s
BENCH    ?= .

LINT      := go tool -modfile=tools/go.mod golangci-lint
GENERATED := '*zz_*' docs/reference
CODE      := $(wildcard cmd internal providers)

.PHONY: help build run test race lint gen verify bench fuzz new-control new-service

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/plumb, static and reproducible
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/plumb ./cmd/plumb

run: build ## build and run: scans examples/shop, or what ARGS says
	@bin/plumb $(ARGS)
	@echo
	@echo "Your own code:     bin/plumb scan code PATH"
	@echo "Your own account:  bin/plumb scan aws --profile NAME"

test: .venv/installed ## run all tests
	go test -timeout 15m ./...

race: .venv/installed ## run all tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 30m ./...

lint: ## run the linters of .golangci.yml
	$(LINT) run

gen: ## write the generated files anew
	go run ./internal/gen
	go run ./internal/gen/index

verify: gen ## check that nothing generated is stale, and style
	git --no-pager diff --exit-code -- $(GENERATED)
	@new="$$(git ls-files --others --exclude-standard -- $(GENERATED))"; \
	  if [ -n "$$new" ]; then echo "generated, but not in git:"; echo "$$new"; exit 1; fi
	@unformatted="$$(gofmt -l $(CODE))"; \
	  if [ -n "$$unformatted" ]; then echo "not gofmt'ed:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(LINT) run

bench: ## run the benchmarks that match BENCH (default all)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

fuzz: ## run each fuzz target for FUZZTIME (default 20s)
	@grep -ro --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' $(CODE) | while IFS=: read -r file func; do \
	  target="$${func#func }"; echo "$$(dirname "$$file") $$target"; \
	  go test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime '$(FUZZTIME)'; \
	done

new-control: ## begin a control: ID=aws-s3-bucket-versioning
	@go run ./internal/gen new-control '$(ID)'

new-service: ## begin a service's room: NAME=aws/sqs KIND=queue
	@go run ./internal/gen new-service '$(NAME)' '$(KIND)'

# Some tests scan an AWS that is simulated by a Python server. It is installed
# once, and again when its pinned version changes.
.venv/installed: requirements-test.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements-test.txt
	touch $@
