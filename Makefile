# Tideover. `make` alone says what there is. Nothing here uses root; all lies in .venv, .venv-semgrep, demo.

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench matrix mutate lock clean

BIN := .venv/bin
UV := $(BIN)/uv
SEMGREP := .venv-semgrep
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --no-build-isolation
TIDEOVER := $(BIN)/tideover

help:
	@echo "make demo     a made-up utility of 20,000 accounts through its night, and its messages (2 to 8 minutes)"
	@echo "make test     the tests (12 to 25 minutes; Spark's too where Java is found)"
	@echo "make check    lint, types, import rules, safety (2 minutes)"
	@echo "make matrix   the long fault, load and browser runs (an hour or more)"
	@echo "make mutate   every rule of the guard switched off in turn: some case must fail (1 minute)"
	@echo "make bench    the night's cost beside its floor and the plain way (10 minutes)"
	@echo "make format   lay out the code and mend what the linter can"
	@echo "make lock     resolve the dependencies again into requirements/"
	@echo "make clean    remove what the above made, .venv and .venv-semgrep included"
	@echo "The first of them also makes .venv: a minute or two, mostly downloads."

# --- the job on made-up input ------------------------------------------------------------------

NIGHT_OF = $$($(BIN)/python -c "import json; \
	print(json.load(open('demo/export/export.json'))['exported_at'][:10])")

# The evening after the night, at the customers' place: by then the day's messages may leave.
EVENING = $$($(BIN)/python -c "import datetime as d, zoneinfo as z; \
	print(d.datetime.combine(d.date.fromisoformat('$(NIGHT_OF)') + d.timedelta(1), d.time(19, 30), \
	z.ZoneInfo('Europe/Amsterdam')).isoformat())")
CASEWORK := TIDEOVER_WORKSPACE=demo/workspace TIDEOVER_PLAIN_HTTP=1 TIDEOVER_SECOND_FACTOR=optional

demo: .venv/web.done
	@echo "== 1 of 7: a made-up utility: 20,000 accounts, two years"
	@rm -rf demo
	@$(TIDEOVER) twin demo/export --accounts 20000 --days 730 --seed 7 \
		--until $$($(BIN)/python -c "import datetime; print(datetime.date.today())")
	@echo "== 2 of 7: a workspace for it"
	@$(TIDEOVER) init demo/workspace
	@echo "== 3 of 7: its export goes in"
	@$(TIDEOVER) ingest demo/workspace demo/export
	@echo "== 4 of 7: the night, with its first training"
	@$(TIDEOVER) night demo/workspace --as-of $(NIGHT_OF)
	@echo "== 5 of 7: the report"
	@$(TIDEOVER) report demo/workspace --as-of $(NIGHT_OF) --out demo/report.html
	@echo "== 6 of 7: the night goes into casework, and a worker sends what may leave the next day"
	@$(TIDEOVER) publish demo/workspace --as-of $(NIGHT_OF)
	@$(TIDEOVER) worker demo/workspace --as-if $(EVENING) --until-idle
	@$(TIDEOVER) outbox status demo/workspace
	@echo "== 7 of 7: something to look at"
	@echo "Open demo/report.html in a browser. To ask why an account got its decision:"
	@echo "  $(TIDEOVER) decisions demo/workspace --as-of $(NIGHT_OF) --out demo/decisions.csv"
	@echo "  $(TIDEOVER) explain demo/workspace ACCOUNT --as-of $(NIGHT_OF)"
	@$(CASEWORK) $(BIN)/python manage.py add_staff demo --role agent --role "team lead" \
		--role "compliance officer"
	@$(CASEWORK) $(BIN)/python manage.py try_portal
	@if [ -n "$$DEMO_ONCE" ]; then \
		echo "To see the messages in the local mailbox: $(TIDEOVER) web demo/workspace"; \
	else \
		$(TIDEOVER) worker demo/workspace 2>/dev/null & worker=$$!; \
		trap "kill $$worker" EXIT; \
		echo "The console, with that login: http://127.0.0.1:8321/"; \
		echo "The messages are in its local mailbox: http://127.0.0.1:8321/mailbox/"; \
		$(CASEWORK) $(TIDEOVER) web demo/workspace; \
	fi

# --- the checks --------------------------------------------------------------------------------

test: .venv/test.done .venv/spark.done
	@echo "== tests (12 to 25 minutes on two cores)"
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --durations 20 -m "not matrix"

check: .venv/test.done $(SEMGREP)/done
	@echo "== lint, types, import rules, safety (about two minutes)"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/bandit -q -r src/tideover/casework -ll
	@$(BIN)/bandit -q -r src -ll --skip B608,B102 # SQL of engines over our own columns; one compiler
	@PATH=$(CURDIR)/$(SEMGREP)/bin:$$PATH semgrep scan --config .semgrep.yml --metrics off \
		--disable-version-check --error --quiet src/tideover

matrix: .venv/test.done .venv/spark.done .venv/npm.done
	@echo "== the long runs (an hour or more)"
	@$(BIN)/pytest -m matrix

mutate: .venv/test.done
	@echo "== every rule of the guard switched off in turn (a minute)"
	@TIDEOVER_MUTATE=1 $(BIN)/pytest tests/rules/guard/test_cases.py -k without

bench: .venv/test.done
	@echo "== the night's cost at 100,000 accounts (about 10 minutes; bench/README.md has the others)"
	@$(BIN)/python -m bench

format: .venv/test.done
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

# --- set-up: .venv, from lock files whose every file is known by its hash -------------------------

.venv/tools.done: requirements/tools.txt
	@.ci/venv
	@echo "== uv, which installs the rest quickly"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/core.done: requirements/core.txt pyproject.toml .venv/tools.done
	@echo "== what Tideover runs on (about 150 MB the first time)"
	@$(INSTALL) --require-hashes -r $<
	@$(INSTALL) --no-deps -e .
	@touch $@

.venv/web.done: requirements/web.txt .venv/core.done
	@echo "== what casework runs on: the web pages, the sender, letters (about 200 MB)"
	@$(INSTALL) --require-hashes -r $<
	@touch $@

.venv/test.done: requirements/test.txt .venv/web.done
	@echo "== what its tests run on"
	@$(INSTALL) --require-hashes -r $<
	@touch $@

# PySpark is 435 MB, so it comes only where there is a Java to run it; else its tests skip and say so.
.venv/spark.done: requirements/spark.txt .venv/test.done
	@if .ci/java; then \
		echo "== Java is here, so PySpark too (435 MB the first time, a few minutes)"; \
		$(INSTALL) --require-hashes -r $< && touch $@; \
	else echo "== no Java 17 or later: the Spark tests will skip"; fi

# Programs of npm that the long tests meet; --ignore-scripts, for one of theirs reports home.
.venv/npm.done: requirements/npm/package.json requirements/npm/package-lock.json .venv/tools.done
	@if command -v npm >/dev/null; then \
		echo "== Node is here, so Prism, maildev and Lighthouse too (217 MB the first time)"; \
		rm -rf .venv/npm && mkdir .venv/npm && cp requirements/npm/*.json .venv/npm && \
		npm ci --prefix .venv/npm --ignore-scripts --no-audit --no-fund --loglevel error && touch $@; \
	else echo "== no Node: the tests with Prism, maildev and Lighthouse will skip"; fi

# In an environment beside, for it pins much that others want newer. Whole only where it has run.
$(SEMGREP)/done: requirements/semgrep.txt .venv/tools.done
	@echo "== semgrep, for our own rules (330 MB the first time)"
	@rm -rf $(SEMGREP)
	@$(BIN)/python -m venv --without-pip $(SEMGREP)
	@$(UV) pip install --quiet --python $(SEMGREP)/bin/python --require-hashes -r $<
	@PATH=$(CURDIR)/$(SEMGREP)/bin:$$PATH semgrep --version --disable-version-check >/dev/null
	@touch $@

LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

EXTRAS := web letters replies sftp twilio whatsapp ses stripe mollie

lock: .venv/tools.done
	@$(LOCK) requirements/tools.in -o requirements/tools.txt
	@$(LOCK) requirements/semgrep.in -o requirements/semgrep.txt
	@$(LOCK) pyproject.toml $(addprefix --extra ,$(EXTRAS) test) -o requirements/test.txt
	@$(LOCK) pyproject.toml -c requirements/test.txt -o requirements/core.txt
	@$(LOCK) pyproject.toml --extra web --extra letters -c requirements/test.txt -o requirements/web.txt
	@$(LOCK) pyproject.toml --extra spark -c requirements/test.txt -o requirements/spark.txt
	@if command -v npm >/dev/null; then cd requirements/npm && npm install --package-lock-only \
		--omit-lockfile-registry-resolved=true --ignore-scripts --no-audit --no-fund --loglevel error; \
	else echo "== no Node: requirements/npm stays as it is"; fi

clean:
	rm -rf .venv $(SEMGREP) demo build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
