# Infiniloop Studio: `make run` starts it, `make test` proves it. Both install what is missing, once.
.PHONY: run test test-silent test-sounding test-models test-bare check bench bench-loops bench-playback bench-composer bench-generators bench-continue bench-jam bench-radio soak
.DEFAULT_GOAL := run

VENV := .venv
BIN := $(VENV)/bin
SETUP := resources/setup
PINS := pyproject.toml $(SETUP)/constraints.txt $(SETUP)/install.sh

MODEL_TESTS := tests/engine/generators/musicgen tests/engine/generators/diffusion
SOUNDING_TESTS = $(shell grep -rlE 'pytest\.mark\.(audio|alone)\b' tests --include='test_*.py')

# What is broken is made anew: an environment that was interrupted, moved or lost a part, a system package that is gone.
$(shell sh $(SETUP)/install.sh check)

run: $(VENV)/.ready-run
	@exec $(BIN)/infiniloop

# Four kinds of tests; pyproject.toml explains their marks. What makes no sound shares all cores with the static checks:
# as many of these tests wait as compute, hence one worker more than cores; worksteal gives each worker whole modules,
# whose fixtures and music are then made once. What sounds waits for the music most of the time, so it runs beside them:
# two at a time, each with a sound server of its own; then, one by one, what would be late by, or hear, another of its
# kind. The silent ones are nice, and take what these leave of the processor. What loads torch has one process: it takes
# seconds and most of a gigabyte in each that so much as collects it. For the same reason those that sound collect their
# own files alone.
# Bytecode is kept, whatever the shell says: else each of some hundred processes compiles everything anew.
test: export PYTHONDONTWRITEBYTECODE =
test:
	@$(MAKE) --no-print-directory --jobs=4 test-sounding test-silent test-models check NICE="nice -n 5"

test-silent: $(VENV)/.ready-test
	$(NICE) $(BIN)/pytest -n $$(($$(nproc) + 1)) --dist worksteal -m "not audio and not alone and not soak" \
		$(addprefix --ignore=,$(MODEL_TESTS))

test-models: $(VENV)/.ready-test
	$(NICE) $(BIN)/pytest -m "not soak" $(MODEL_TESTS)

test-sounding: $(VENV)/.ready-test
	$(BIN)/pytest -n 2 --dist worksteal -m "audio and not alone and not soak" $(SOUNDING_TESTS)
	$(BIN)/pytest -m "alone and not soak" $(SOUNDING_TESTS)

# Both commands on a Debian that has nothing: see tests/bare/. STEPS="root user run short" chooses.
test-bare: $(VENV)/.ready-test
	@$(BIN)/python -m tests.bare $(STEPS) $(if $(BASE),--base $(BASE)) $(if $(LOGS),--logs $(LOGS))

check: $(VENV)/.ready-test
	$(NICE) $(BIN)/ruff check .
	$(NICE) $(BIN)/ruff format --check .
	$(NICE) $(BIN)/mypy
	$(NICE) $(BIN)/lint-imports --no-logo

bench: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks

# The loop finder beside PyMusicLooper: tables and plots, see tests/benchmarks/loopreport/.
bench-loops: $(VENV)/.ready-bench .venv-bench/.ready
	@$(BIN)/python -m tests.benchmarks.loopreport

# Every goal of playing as a figure, with plots: see tests/benchmarks/playbackreport/.
bench-playback: $(VENV)/.ready-test .venv-bench/.ready
	@$(BIN)/python -m tests.benchmarks.playbackreport

# The built-in composer's music, measured from outside beside other music; BENCH="--quick --out FOLDER --only PART" chooses:
# see tests/benchmarks/composerreport/.
bench-composer: $(VENV)/.ready-bench .venv-bench/.ready
	@$(BIN)/python -m tests.benchmarks.composerreport $(BENCH)

# What a second of music costs with each model, in its real shape, on this machine; BENCH="--quick --only musicgen --models small"
# chooses: see tests/benchmarks/generators/.
bench-generators: $(VENV)/.ready-test
	@$(BIN)/python -m tests.benchmarks.generators $(BENCH)

# How well beats, chords and key of a recording are heard, beside librosa; BENCH="--pieces 4 --only beats" chooses:
# see tests/benchmarks/continuereport/.
bench-continue: $(VENV)/.ready-bench .venv-bench/.ready
	@$(BIN)/python -m tests.benchmarks.continuereport $(BENCH)

# When a jam is heard, on a private sound server, and what its blocks cost: JAM_BLOCKS=100000 measures as many as the goal names.
bench-jam: $(VENV)/.ready-test
	@$(BIN)/python -m tests.benchmarks jam jamheard

# Thousands who listen to a radio, beside Icecast with the same stream: RADIO_LISTENERS=2000 says how many.
bench-radio: $(VENV)/.ready-test $(VENV)/.ready-bench
	@$(BIN)/python -m tests.benchmarks radio hls

# The tests that are too long for `make test`, then an hour that tells what hours do: see tests/soak/.
soak: $(VENV)/.ready-soak
	$(BIN)/pytest -m soak
	@$(BIN)/python -m tests.soak

$(VENV)/.ready-run: $(PINS) $(SETUP)/apt.txt
	@sh $(SETUP)/install.sh run

$(VENV)/.ready-test: $(PINS) $(SETUP)/apt.txt $(SETUP)/apt-test.txt $(SETUP)/apt-unpacked.txt
	@sh $(SETUP)/install.sh test

$(VENV)/.ready-soak: $(VENV)/.ready-test
	@sh $(SETUP)/install.sh soak

$(VENV)/.ready-bench: $(PINS) $(SETUP)/apt.txt $(SETUP)/apt-bench.txt
	@sh $(SETUP)/install.sh bench

.venv-bench/.ready: $(SETUP)/constraints-bench.txt $(SETUP)/install.sh
	@sh $(SETUP)/install.sh peer
