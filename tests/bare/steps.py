# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps tried in a bare system are functions that raise BareError where they fail."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from tests.bare.desk import sounding_share, until
from tests.bare.faults import faults
from tests.bare.place import INFINILOOP, SOUND_LIMIT_S, Place
from tests.bare.system import CLONE, BareError
from tests.e2e.hearing import heard_anything

INSTALL_LIMIT_S = 2400.0
"""Seconds in which a first ``make run`` must end; it downloads some hundred megabytes."""
PLAYED_S = 6.0
LEAST_SHARE = 0.5
"""Share of a recording that must sound: music has rests, and a busy machine loses some."""

_PROMPT = "warm house, 122 bpm"


def run(place: Place) -> None:
    """Run ``make run``: the window opens, AVVIA is heard, FERMA is silence, the window closes."""
    log, desk = place.log("run"), place.desk
    process = place.system.start(place.person, "make run", log=log, environment=desk.environment, shown=desk.shown)
    try:
        until(lambda: bool(desk.windows()), "the window opens", process, log, INSTALL_LIMIT_S)
        with desk.server.recording() as recording:
            desk.press("ctrl+Return")
            until(lambda: heard_anything(recording.samples), "AVVIA is heard", process, log, SOUND_LIMIT_S)
            n_before = len(recording.samples)
            recording.wait(PLAYED_S)
            desk.picture(place.logs / f"{place.person.name}-run.png")
            share = sounding_share(recording.samples[n_before:])
            if share < LEAST_SHARE:
                raise BareError(f"only {share:.0%} of {PLAYED_S:g} s sounded", log)
            desk.press("ctrl+Return")
            until(lambda: not heard_anything(recording.samples[-desk.server.sample_rate :]), "FERMA is silence",
                  process, log, SOUND_LIMIT_S)  # fmt: skip
        desk.press("ctrl+q")
        if process.wait(SOUND_LIMIT_S) != 0:
            raise BareError(f"the window closed with exit code {process.returncode}", log)
    finally:
        if process.poll() is None:
            desk.picture(place.logs / f"{place.person.name}-run-failed.png")
        process.kill()
        process.wait()


def short(place: Place) -> None:
    """Run the static checks, one test that sounds, and the commands that a person tries first."""
    log, system = place.log("short"), place.system
    place.must("make check", log)
    place.must(".venv/bin/pytest -q tests/e2e/test_studio.py -k avvia_is_heard", log)
    place.must(f"{INFINILOOP} generate {shlex.quote(_PROMPT)} -o clip.wav --duration 8 --seed 7 --force", log)
    samples, _ = soundfile.read(system.root / place.person.home.lstrip("/") / CLONE / "clip.wav", dtype="float32")
    if not heard_anything(np.atleast_2d(samples)):
        raise BareError("the clip that “generate” wrote is silent", log)
    place.must(f"{INFINILOOP} analyze clip.wav --top 1", log)
    with place.desk.server.recording() as recording:
        place.must(f"{INFINILOOP} play clip.wav --seconds 4", log)
        if not heard_anything(recording.samples):
            raise BareError("“play” was not heard", log)
    place.must(f"{INFINILOOP} doctor", log)


def desktop(place: Place) -> None:
    """Check that a desktop's sound server stays what it is, while the tests start theirs beside it."""
    log = place.log("desktop")
    place.as_root("apt-get update -qq && apt-get install -y -q --no-install-recommends pipewire-audio", log)
    before = _sound_packages(place, log)
    place.must("make .venv/.ready-test", log)
    if lost := before - (after := _sound_packages(place, log)):
        raise BareError(f"{', '.join(sorted(lost))} is gone", log)
    if came := after & {"pulseaudio", "pipewire-media-session"}:
        raise BareError(f"{', '.join(sorted(came))} was installed", log)
    place.must(".venv/bin/pytest -q tests/test_unpacked.py", log)


def _sound_packages(place: Place, log: Path) -> set[str]:
    """Return the installed packages that have to do with sound servers."""
    found = "dpkg-query -W -f '${db:Status-Status} ${Package}\\n' '*pulse*' '*pipewire*' '*wireplumber*' >/tmp/sound"
    place.must(found, log)
    rows = (place.system.root / "tmp/sound").read_text().splitlines()
    return {row.removeprefix("installed ") for row in rows if row.startswith("installed ")}


def whole(place: Place) -> None:
    """Run ``make test``."""
    place.must("make test", place.log("whole"))


STEPS: dict[str, Callable[[Place], None]] = {
    "run": run,
    "short": short,
    "faults": faults,
    "desktop": desktop,
    "whole": whole,
}
"""Steps by the words that choose them."""
USUAL = {"root": ("run", "whole"), "user": ("run", "short")}
"""Steps that each person does where none is chosen."""
