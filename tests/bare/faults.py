# SPDX-License-Identifier: GPL-3.0-or-later
"""These steps break a bare system in one way each, and the next ``make run`` must mend it."""

from __future__ import annotations

from pathlib import Path

from tests.bare.desk import until
from tests.bare.place import INFINILOOP, SOUND_LIMIT_S, Place
from tests.bare.system import BareError

INSTALL = "make .venv/.ready-run"
"""Command that ``make run`` runs before it starts the studio."""
PURGE = "dpkg --purge --force-depends"
WAY_OUT = "quit, and enter “make run” in the studio's folder"
LIBRARY_S = 8.0
"""Seconds after AVVIA at which the window is looked at."""


def faults(place: Place) -> None:
    """Try the faults one after the other; each begins and ends with a system that is whole, after ``run``."""
    log = place.log("faults")
    for fault in (lost_library, no_rights, read_only, no_network):
        if place.person.is_root and fault is no_rights:
            continue
        with log.open("a") as file:
            file.write(f"--- {fault.__name__}\n")
        fault(place, log)
        place.must(INSTALL, log)
        place.must(f"{INFINILOOP} doctor --quick", log)


def lost_library(place: Place, log: Path) -> None:
    """Delete a library's file: the window, doctor and play say so, and ``make run`` brings it again."""
    place.as_root("rm /usr/lib/*/libatomic.so.1*", log)
    told = f"There is no sound: {WAY_OUT}"
    place.fails(f"{INFINILOOP} doctor", told, log)
    place.must(f"{INFINILOOP} generate house -o lost.wav --duration 5 --force", log)
    said = place.fails(f"{INFINILOOP} play lost.wav --seconds 1", told, log)
    if "Traceback" in said or said.count(WAY_OUT) != 1:
        raise BareError("“play” says more than one sentence", log)
    _look_at_window(place, log)
    place.must(INSTALL, log)
    place.must(".venv/bin/python -c 'import pedalboard'", log)
    place.as_root(f"{PURGE} libportaudio2", log)
    place.fails(f"{INFINILOOP} devices", "There is no sound, as PortAudio is missing: " + WAY_OUT, log)
    place.fails(f"{INFINILOOP} doctor", "There is no sound, as PortAudio is missing: ", log)


def _look_at_window(place: Place, log: Path) -> None:
    """Check that AVVIA says why there is no sound and does not stay on FERMA: see the picture."""
    desk = place.desk
    process = place.system.start(place.person, INFINILOOP, log=log, environment=desk.environment, shown=desk.shown)
    try:
        until(lambda: bool(desk.windows()), "the window opens", process, log, SOUND_LIMIT_S)
        with desk.server.recording() as recording:
            desk.press("ctrl+Return")
            recording.wait(LIBRARY_S)
            desk.picture(place.logs / f"{place.person.name}-lost-library.png")
        desk.press("ctrl+q")
        process.wait(SOUND_LIMIT_S)
    finally:
        process.kill()
        process.wait()


def no_network(place: Place, log: Path) -> None:
    """Cut the network off from apt and pip: a whole studio starts, a broken one says so."""
    # apt keeps what it downloaded, and needs no network for it.
    place.as_root(f"{PURGE} libatomic1 && apt-get clean", log)
    place.must(INSTALL, log, has_network=False, told="Is there a network?")
    place.must(INSTALL, log)
    place.must("rm -r .venv/lib/python3*/site-packages/pyqtgraph*", log)
    place.fails(INSTALL, "Is there a network? Run make again then.", log, has_network=False)


def no_rights(place: Place, log: Path) -> None:
    """Have sudo refuse, then remove it: a whole studio starts all the same."""
    name = place.person.name
    place.as_root(f"{PURGE} libatomic1 && mv /etc/sudoers.d/{name} /etc/sudoers.away", log)
    place.must(
        INSTALL, log, told="Administrator rights are needed, and sudo does not give them: install these packages"
    )
    place.as_root("mv /usr/bin/sudo /usr/bin/sudo.away", log)
    place.must(INSTALL, log, told="Administrator rights are needed, and sudo is not there: install these packages")
    place.as_root(f"mv /usr/bin/sudo.away /usr/bin/sudo && mv /etc/sudoers.away /etc/sudoers.d/{name}", log)


def read_only(place: Place, log: Path) -> None:
    """Make the clone's disk read-only, without an environment."""
    place.must("mv .venv ../away", log)
    place.fails(INSTALL, "cannot be written: copy the clone to where you may write", log, is_read_only=True)
    place.must("mv ../away .venv", log)
