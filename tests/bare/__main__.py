# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make test-bare`` builds a Debian with nothing in it, and does there what a newcomer does.

``make test-bare STEPS="root user run short"`` chooses who (root, user) and what (run, short, faults, desktop, whole).
With ``BASE=FOLDER`` the bare system is built there, unless it is there already, and kept for the next time; logs and
pictures are kept with ``LOGS=FOLDER``. 1 where a step failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bare import steps
from tests.bare.desk import desk
from tests.bare.place import Place
from tests.bare.system import BareError, Person, System, build, lead_to_registries, leading_variables, local_indexes

PEOPLE = {"root": Person("root"), "user": Person("person")}
TAIL_LINES = 40
REMOVE_LIMIT_S = 30.0


def chosen(words: list[str]) -> list[tuple[str, str]]:
    """Return who does which steps, in order. Raises ValueError for a word that means nothing."""
    for word in words:
        if word not in PEOPLE and word not in steps.STEPS:
            raise ValueError(f"“{word}” is no step: choose some of {', '.join((*PEOPLE, *steps.STEPS))}")
    who = [word for word in words if word in PEOPLE] or list(PEOPLE)
    what = [word for word in words if word in steps.STEPS]
    return [(one, step) for one in who for step in what or steps.USUAL[one]]


def main(arguments: list[str]) -> int:
    """Try the commands, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make test-bare", description="try both commands on a bare Debian")
    parser.add_argument(
        "steps", nargs="*", metavar="STEP", help="who: root, user; what: run, short, faults, desktop, whole"
    )
    parser.add_argument("--base", type=Path, help="where the bare system is, or is built and kept")
    parser.add_argument("--logs", type=Path, help="a folder where logs and pictures are kept")
    options = parser.parse_args(arguments)
    try:
        plan = chosen(options.steps)
    except ValueError as error:
        parser.error(str(error))
    if os.geteuid() != 0:
        names = ",".join(("PATH", *leading_variables()))
        os.execvp("sudo", ["sudo", f"--preserve-env={names}", sys.executable, "-m", "tests.bare", *arguments])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    # Not in /tmp, which may be kept in memory.
    work = Path(tempfile.mkdtemp(prefix="infiniloop-bare-", dir="/var/tmp"))
    try:
        return _try(plan, work, options.base, options.logs or work)
    finally:
        _remove(work)


def _remove(folder: Path) -> None:
    """Remove a folder in which nothing is mounted any more; a process just killed may still write its last file."""
    give_up = time.monotonic() + REMOVE_LIMIT_S
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=time.monotonic() < give_up)
        time.sleep(0.1)


def _try(plan: list[tuple[str, str]], work: Path, base: Path | None, logs: Path) -> int:
    logs.mkdir(parents=True, exist_ok=True)
    bundle = work / "studio.bundle"
    subprocess.run(["git", "bundle", "create", "-q", bundle, "HEAD"], check=True)
    try:
        base = base or work / "base"
        if not base.exists():
            _timed("build", lambda: build(base, logs / "build.log"))
        with desk() as seat:
            for who in dict.fromkeys(one for one, _ in plan):
                system = System(work / who, tuple(local_indexes()))
                subprocess.run(["cp", "-a", base, system.root], check=True)
                lead_to_registries(system)
                system.settle(PEOPLE[who], bundle)
                place = Place(system, PEOPLE[who], seat, logs)
                for step in (step for one, step in plan if one == who):
                    _timed(f"{who} {step}", lambda step=step, place=place: steps.STEPS[step](place))
                shutil.rmtree(system.root)
    except BareError as error:
        print(f"failed: {error}", flush=True)
        if error.log.exists():
            tail = error.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            print("\n".join(f"  | {line}" for line in tail), flush=True)
        return 1
    print("all steps passed")
    return 0


def _timed(name: str, step: object) -> None:
    assert callable(step)
    print(f"{name}…", flush=True)
    begun = time.monotonic()
    try:
        step()
    except BareError as error:
        raise BareError(f"{name}, after {time.monotonic() - begun:.0f} s: {error}", error.log) from error
    print(f"{name}: passed in {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
