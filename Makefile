# Every target is one or two plain commands; this file only names them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

GOTOOL   := go tool -modfile=tools/go.mod
FUZZTIME ?= 30s
IMAGE    ?= ot2otel:dev

.PHONY: help build test race lint bench fuzz golden image clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

build: ## build dist/ot2otel, static
	CGO_ENABLED=0 go build -trimpath -tags grpcnotrace -ldflags=-s -o dist/ot2otel ./cmd/ot2otel

test: ## vet, all tests, and once more under the race detector where goroutines meet
	go vet ./...
	go test ./...
	$(MAKE) race

race:
	go test -race -short ./ingest/... ./export/... ./rewrite/... ./cmd/...

lint: ## run the linters; installs them into the build cache
	$(GOTOOL) golangci-lint run ./...

bench: ## conversion, queue and end-to-end benchmarks
	go test -run '^$$' -bench . -benchmem ./translate/... ./internal/... ./export/... ./ingest/... ./rewrite/...
	go test -run '^$$' -bench . -benchtime 3x ./e2e/...

fuzz: ## run every fuzz target for FUZZTIME each (default 30s)
	@go list -f '{{.Dir}} {{.ImportPath}}' ./... | while read -r dir pkg; do \
	  for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$$dir"/*_test.go 2>/dev/null | sed 's/func //'); do \
	    echo "== $$pkg $$target"; \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$pkg"; \
	  done; \
	done

golden: ## write the golden files anew; read the diff before you commit it
	go test ./translate -run Golden -update

image: build ## build the container image from dist/ot2otel, with docker or buildah
	cp /etc/ssl/certs/ca-certificates.crt dist/
	if docker info >/dev/null 2>&1; then docker build --build-arg BINARY=prebuilt -t $(IMAGE) .; \
	else buildah bud --build-arg BINARY=prebuilt -t $(IMAGE) .; fi

clean: ## remove what the targets above made
	rm -rf dist
