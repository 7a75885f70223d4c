# The two commands of the README are `make demo` and `make test`; both set up what they need.
.PHONY: demo test attack run crash soak life twins fuzz tck oracle setup peers build clean
BIN = .build/release/crossdock
# `:` where all has been built already.
BUILD ?= swift build -c release
ROUNDS ?= 50
CALLS ?= 110
MODES ?= kill,errno,zombie
SECONDS ?= 600
FILES ?= 100000
TCK ?= ../shared/tck
ORACLE ?= ../shared/oracles/cases.json
PYTHON = $$([ -x .build/peers/bin/python ] && echo $(CURDIR)/.build/peers/bin/python || echo python3)
TEST = CROSSDOCK_PYTHON=$(PYTHON) swift test -c release --skip-build
SITES = '^(Pipeline|Signatures|Commands)Tests\.'
# Where tests make their sites.
SCRATCH = $$(Packaging/scratch)
SERVERS = '^(WebhookReceiver|Webhooks|Transfers)Tests\.'

setup:
	@sh Packaging/setup

# What tests compare with.
peers:
	@mkdir -p .build
	@sh Packaging/peers

build: setup
	$(BUILD) --product crossdock

# Starts the daemon and a webhook receiver on loopback, drops the samples, waits, and prints what happened.
demo: build
	@bash Packaging/demo $(BIN)

# Every test, on what a site gets: the release build. Those that work whole sites, and those that talk to servers, come by
# themselves: their deadlines are real. The sites lie in memory where there is room for them: they wait for the disk most of their time otherwise.
test: setup peers
	swift build -c release --build-tests
	$(TEST) --skip $(SITES) --skip $(SERVERS)
	TMPDIR=$(SCRATCH) $(TEST) --filter $(SITES)
	$(TEST) --filter $(SERVERS)

# The attacks on change control that docs/attacks.md names.
attack: setup peers
	swift build -c release --build-tests
	@TMPDIR=$(SCRATCH) CROSSDOCK_PYTHON=$(PYTHON) Packaging/attack -c release --skip-build

# The daemon in the foreground on this folder.
run: build
	$(BIN) run

# Kills the daemon at ROUNDS random moments under load, and counts what was lost or doubled. Then kills it, has a call fail, or stops it for too long, at
# CALLS system calls each (0: at every one); MODES says which of these.
crash: build
	@bash Packaging/crash $(BIN) $(ROUNDS)
	@TMPDIR=$(SCRATCH) Packaging/crash-calls $(BIN) --modes $(MODES) --sample $(CALLS)

# A daemon under load for SECONDS seconds: memory, descriptors and write-ahead log stay within bounds.
soak: build
	@TMPDIR=$(SCRATCH) Packaging/soak $(BIN) $(SECONDS)

# The same for a day of a clock that runs 120 times as fast.
life: build
	@sh Packaging/setup faketime
	@RATE=6 TMPDIR=$(SCRATCH) Packaging/soak $(BIN) 86400 120

# Two daemons on one folder and one store with FILES files: each effect once.
twins: build
	@TMPDIR=$(SCRATCH) Packaging/twins $(BIN) $(FILES)

# The DMN Technology Compatibility Kit, where it lies beside the project (TCK=folder).
tck: setup
	$(BUILD) --product dmn-tck
	.build/release/dmn-tck $(TCK) --report .build/tck.csv

# Worked cases with the numbers of independent libraries.
oracle: setup
	$(BUILD) --product oracle-check
	.build/release/oracle-check $(ORACLE)

# Feeds each parser SECONDS seconds of inputs that libFuzzer makes up.
fuzz: setup
	@bash Packaging/fuzz $(SECONDS)

clean:
	rm -rf .build
