# Diting 谛听. `make demo` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV := .venv-bench
RULES_BENCH_VENV := .venv-bench-rules
PIP_FLAGS := --quiet --disable-pip-version-check
LOCK_FLAGS := --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
# Whisper runs one process per core: more threads in each would only fight for the same cores.
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: web test-web lint-web api-fuzz audit chaos help setup demo test lint serve evaluate lock clean bench-api bench-pages bench-asr bench-rules bench-speakers bench-guard bench-long bench-reinspect bench-ledger bench-intake bench-scale bench-warnings bench-encoder train-likeness fuzz

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# A stamp is newer than its lock file once everything in it is installed.
$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Diting needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Set PYTHON=/path/to/python3.11. 需要 Python 3.11 或更高版本。" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv). 缺少 venv 模块。" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked libraries into $(VENV) (about 1.6 GB, a few minutes the first time) … 正在安装依赖"
	@$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing the locked development tools … 正在安装开发工具"
	@$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/installed ## create .venv from the lock file

demo: setup ## inspect the sample calls from their audio; report in var/reports/; build the pages where Node is
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web; \
	else echo "Node is not installed: the pages are not built, only the plain list. 未安装 Node，仅提供简易列表。"; fi
	@$(BIN)/diting demo

# The pages. Without Node there are none, and everything else works.
web/node_modules/installed: web/package-lock.json
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' \
	  || { echo "The pages are built by Node 20.19 or newer (https://nodejs.org; Debian: apt-get install nodejs npm). 构建页面需要 Node 20.19 或更高版本。" >&2; exit 1; }
	@echo "Installing the locked libraries of the pages … 正在安装前端依赖"
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web: web/node_modules/installed ## build the pages into api/http/web (Node 20.19 or newer)
	@cd web && npm run --silent build

test-web: web lint-web $(VENV)/installed-dev ## the pages in Chromium: a morning of each role, pictures into docs/images/web
	@cd web && npm run --silent test && npm run --silent stories

lint-web: web/node_modules/installed ## biome and tsc over web/
	@cd web && npm run --silent types && npm run --silent lint

test: $(VENV)/installed-dev ## run every test (starts its own Redis and PostgreSQL when installed)
	@$(BIN)/python -m pytest --numprocesses auto

lint: $(VENV)/installed-dev ## ruff and mypy strict
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

serve: setup ## API and first page on 127.0.0.1
	@$(BIN)/diting serve

evaluate: setup ## measure the rules on the labelled sample calls, from audio
	@$(BIN)/diting evaluate samples/calls --from audio

# The engines that Diting is measured against live apart: the product's lock files stay small.
$(BENCH_VENV)/installed: bench/asr/requirements.txt
	@test -x $(BENCH_VENV)/bin/python || $(PYTHON) -m venv $(BENCH_VENV)
	@echo "Installing the other engines into $(BENCH_VENV) (about 2 GB) … 正在安装对比引擎"
	@$(BENCH_VENV)/bin/python -m pip install $(PIP_FLAGS) -r bench/asr/requirements.txt
	@touch $@

bench-asr: setup $(BENCH_VENV)/installed ## cost and errors beside other Whisper programs; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.asr $(if $(BENCH_CALLS),--calls "$(BENCH_CALLS)") $(if $(BENCH_CLIPS),--clips "$(BENCH_CLIPS)") $(BENCH_FLAGS)

# The matchers that the rules are measured against, in an environment of their own (20 MB).
$(RULES_BENCH_VENV)/installed: bench/rules/requirements.txt
	@test -x $(RULES_BENCH_VENV)/bin/python || $(PYTHON) -m venv $(RULES_BENCH_VENV)
	@$(RULES_BENCH_VENV)/bin/python -m pip install $(PIP_FLAGS) -r bench/rules/requirements.txt
	@touch $@

bench-rules: setup $(RULES_BENCH_VENV)/installed ## how fast rules are looked for, beside other matchers; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.rules --peers $(RULES_BENCH_VENV)/bin/python $(BENCH_FLAGS)

bench-guard: setup ## does the guard refuse invented words and keep short answers? last line JSON (docs/quality.md)
	@$(BIN)/python -m bench.guard $(BENCH_FLAGS)

bench-long: setup ## memory and CPU time of long calls; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.long_calls $(if $(BENCH_CALLS),--calls "$(BENCH_CALLS)") $(BENCH_FLAGS)

bench-speakers: setup ## who speaks on one channel, and who is the agent; last line JSON (docs/quality.md)
	@$(BIN)/python -m bench.speakers $(or $(BENCH_CALLS),samples/calls) $(BENCH_FLAGS)

bench-voice: setup ## what listening to voices costs, beside librosa; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.voice $(BENCH_CALLS) $(BENCH_FLAGS)

bench-api: setup ## 1,000,000 calls on PostgreSQL, 20 people ask over HTTP: p95 by kind of request, growth; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.api $(BENCH_FLAGS)

bench-pages: web ## 1,000,000 calls on PostgreSQL: milliseconds until each page can be used in Chromium; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.api.pages $(BENCH_FLAGS)

bench-ledger: setup ## 200,000 lines of the ledger on PostgreSQL: pages, exports, verification; last line JSON (docs/ledger.md)
	@$(BIN)/python -m bench.ledger $(BENCH_FLAGS)

bench-intake: setup ## calls taken in from a folder a second, and a folder of 100,000 files after two kills; last line JSON
	@$(BIN)/python -m bench.intake $(BENCH_FLAGS)

chaos: $(VENV)/installed-dev ## 2,000 calls while workers, Redis, PostgreSQL, S3 and the disk fail: 0 lost, 0 doubled; last line JSON
	@$(BIN)/python -m bench.chaos $(BENCH_FLAGS)

bench-scale: setup ## 1, 2, 4, 8 worker processes, what a call costs PostgreSQL and Redis, and their limit; last line JSON (docs/scaling.md)
	@$(BIN)/python -m bench.scale $(BENCH_FLAGS)

bench-reinspect: setup ## stored calls judged again after one rule changed; last line JSON (docs/performance.md)
	@$(BIN)/python -m bench.reinspect $(BENCH_FLAGS)

bench-warnings: setup ## does the score foretell complaints? 50,000 simulated debtors; last line JSON (docs/quality.md)
	@$(BIN)/python -m bench.warnings $(BENCH_FLAGS)

train-likeness: $(VENV)/installed-dev ## train the likeness model on the banks of examples (docs/likeness.md)
	@$(BIN)/python -m scripts.train_likeness $(foreach folder,$(TRAIN_CALLS),--calls "$(folder)")

bench-word-times: setup ## how far word times are from the truth; last line JSON (docs/quality.md)
	@$(BIN)/python -m bench.word_times $(if $(BENCH_CALLS),--calls "$(BENCH_CALLS)") $(BENCH_FLAGS)

bench-encoder: $(VENV)/installed-dev ## anger from the encoder's features beside prosody (BENCH_CLIPS=folder); last line JSON (docs/adr/0023)
	@$(BIN)/python -m bench.encoder_emotion "$(BENCH_CLIPS)" $(BENCH_FLAGS)

fuzz: $(VENV)/installed-dev ## 10,000 random rule files and calls: no crash, no hang; last line JSON
	@$(BIN)/python -m bench.fuzz $(BENCH_FLAGS)

api-fuzz: $(VENV)/installed-dev ## ask every operation of the API for 200 things that fit its description, and 200 that do not
	@API_FUZZ_EXAMPLES=200 $(BIN)/python -m pytest -q -n4 tests/api/test_schemathesis.py

audit: $(VENV)/installed-dev web/node_modules/installed ## known weaknesses of the locked libraries (asks pypi.org and registry.npmjs.org); exceptions in audit-exceptions.txt
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock $$(sed -n 's/^\([A-Z][A-Z0-9a-z-]*\).*/--ignore-vuln \1/p' audit-exceptions.txt)
	@cd web && npm audit --audit-level=low

lock: $(VENV)/installed-dev ## renew the lock files
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) --upgrade --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(BIN)/uv pip compile requirements-gpu.in $(LOCK_FLAGS) --upgrade --output-file requirements-gpu.lock

clean: ## remove the environment and everything the demo stored
	rm -rf $(VENV) $(BENCH_VENV) $(RULES_BENCH_VENV) var build *.egg-info web/node_modules api/http/web
