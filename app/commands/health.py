# SPDX-License-Identifier: GPL-3.0-or-later
"""``infiniloop doctor`` has its findings here: each has a verdict and, where something is amiss, the way out."""

from __future__ import annotations

import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from app import VERSION, paths
from app.engine_settings import generator_settings
from app.settings import Settings
from engine.errors import PortAudioMissing, StudioError, WorkerLacksPart
from engine.playback.device.priority import Giver, Granted

LITTLE_SPACE_GIB = 2.0
"""Free space below which little is left, GiB: ten minutes that were just heard and a few hundred takes."""
LITTLE_MEMORY_GIB = 1.0
_GIB = 2.0**30
_PERMISSIONS_LIMIT_S = 20.0
_MORE_RIGHTS = (
    "install rtkit (RealtimeKit), or put “@audio - rtprio 95” and “@audio - nice -15” into "
    "/etc/security/limits.d/audio.conf, join the group audio and log in again"
)


class Verdict(StrEnum):
    """A verdict says how bad it is: ``note`` costs nothing, ``warning`` something, ``failure`` stops the studio."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding is one line of the report.

    Attributes
    ----------
    name
        What was looked at.
    told
        What was found, in words.
    way_out
        What to do about it; "" where nothing is to be done.
    figures
        The same for programs.
    """

    name: str
    verdict: Verdict
    told: str
    way_out: str = ""
    figures: dict[str, object] = field(default_factory=dict)


Check = Callable[[Settings], Iterator[Finding]]


def look(settings: Settings, checks: tuple[Check, ...]) -> Iterator[Finding]:
    """Yield every finding, as it is found. A check that breaks is a finding too."""
    for check in checks:
        try:
            yield from check(settings)
        except (WorkerLacksPart, PortAudioMissing) as error:
            yield Finding(check.__name__.replace("_", " "), Verdict.FAILURE, str(error))
        except (StudioError, OSError, subprocess.SubprocessError) as error:
            name = check.__name__.replace("_", " ")
            yield Finding(name, Verdict.WARNING, str(error), "this could not be looked at")


# --- the checks -------------------------------------------------------------------------------------------------------


def versions(_: Settings) -> Iterator[Finding]:
    """Yield findings on the versions of the studio, Python and every library that playing needs."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield Finding("studio", Verdict.OK, f"Infiniloop Studio {VERSION}", figures={"version": VERSION})
    python = platform.python_version()
    yield Finding("python", Verdict.OK, f"Python {python} on {system}", figures={"version": python, "system": system})
    for module, package, note in (
        ("numpy", "numpy", None),
        ("PySide6.QtCore", "PySide6_Essentials", None),
        ("pedalboard", "pedalboard", None),
        ("sounddevice", "sounddevice", _portaudio),
        ("soundfile", "soundfile", _libsndfile),
        ("soxr", "soxr", None),
    ):
        yield _library(module, package, note)


def _library(module: str, package: str, note: Callable[[], str] | None) -> Finding:
    name = package.removesuffix("_Essentials")
    try:
        importlib.import_module(module)
        version = metadata.version(package)
        more = note() if note is not None else ""
    except (ImportError, OSError, metadata.PackageNotFoundError) as error:
        return Finding(name, Verdict.FAILURE, f"{name} cannot be loaded: {error}", "install the studio again: make run")
    told = f"{name} {version}" + (f" ({more})" if more else "")
    return Finding(name, Verdict.OK, told, figures={"version": version, "library": more})


def _portaudio() -> str:
    import sounddevice

    # “PortAudio V19.6.0-devel, revision …”
    return str(sounddevice.get_portaudio_version()[1]).partition(",")[0]


def _libsndfile() -> str:
    import soundfile

    return f"libsndfile {soundfile.__libsndfile_version__}"


def machine(_: Settings) -> Iterator[Finding]:
    """Yield findings on cores, memory, and what the audio process may ask of the scheduler."""
    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    figures: dict[str, object] = {"n_cores": n_cores}
    if n_cores > 1:
        yield Finding("cores", Verdict.OK, f"{n_cores} processor cores", figures=figures)
    else:
        told = "one processor core: while a clip is made the music may stutter"
        yield Finding("cores", Verdict.WARNING, told, "ask for a higher latency in the settings", figures)
    free_gib = _free_memory_gib()
    if free_gib is not None:
        enough = free_gib >= LITTLE_MEMORY_GIB
        yield Finding(
            "memory",
            Verdict.OK if enough else Verdict.WARNING,
            f"{free_gib:.1f} GiB of memory are free",
            "" if enough else "close other programs: what is swapped out cannot be played in time",
            {"free_gib": round(free_gib, 2)},
        )
    yield _permissions()


def _free_memory_gib() -> float | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024.0 / _GIB
    except OSError:
        pass
    return None


def _permissions() -> Finding:
    # Tried as the audio process does it, in a process of its own: limits and capabilities tell only half of it.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "engine.playback.device.priority"],
        capture_output=True,
        text=True,
        check=True,
        timeout=_PERMISSIONS_LIMIT_S,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
    )
    granted = Granted(**json.loads(done.stdout))
    figures: dict[str, object] = granted._asdict()
    if granted.real_time != Giver.NOBODY:
        told = f"the sound has real-time priority, given by {granted.real_time}"
        return Finding("priority", Verdict.OK, told, figures=figures)
    why = f" (RealtimeKit: {granted.refusal})" if granted.refusal else ""
    if granted.niceness != Giver.NOBODY:
        told = f"the sound has niceness, given by {granted.niceness}, but no real-time priority{why}"
        return Finding("priority", Verdict.OK, told, _MORE_RIGHTS, figures)
    told = f"the sound has ordinary priority: on a busy machine the music may stutter{why}"
    return Finding("priority", Verdict.WARNING, told, _MORE_RIGHTS, figures)


def generators(settings: Settings) -> Iterator[Finding]:
    """Yield findings on which generators can run here."""
    from engine.generators.ready import why_not_ready
    from engine.generators.registry import generators as all_generators

    for one in all_generators():
        name = f"generator {one.name}"
        chosen = one.name == settings.generator
        figures: dict[str, object] = {"generator": one.name, "is_chosen": chosen}
        words = f"{one.title} can make clips" + (" (chosen)" if chosen else "")
        # One that nobody chose need not be there.
        lacking = Verdict.WARNING if chosen else Verdict.NOTE
        try:
            one.check(generator_settings(settings))
        except StudioError as error:
            yield Finding(name, lacking, str(error), "", {**figures, "is_there": False})
            continue
        if why := why_not_ready(one, generator_settings(settings)):
            yield Finding(name, lacking, why, figures={**figures, "is_there": True})
        else:
            yield Finding(name, Verdict.OK, words, figures={**figures, "is_there": True})


def instruments(settings: Settings) -> Iterator[Finding]:
    """Yield a finding on what the built-in composer plays with."""
    from engine.generators.composer import COMPOSER_SAMPLE_RATE, Composer
    from engine.generators.composer.sounds import sounds_for

    sounds = sounds_for(generator_settings(settings).of(Composer.name), COMPOSER_SAMPLE_RATE)
    figures: dict[str, object] = dict(sounds.versions)
    for problem in sounds.problems:
        yield Finding("instruments", Verdict.WARNING, str(problem), "", figures)
    if sounds.problems:
        return
    told = "the composer plays " + ("sampled and " if sounds.font is not None else "") + "synthesised instruments"
    more = [f"SoundFont {sounds.font.label}, FluidSynth {figures['fluidsynth']}"] if sounds.font is not None else []
    more += [f"drums of {sounds.one_shots.label}"] if sounds.one_shots is not None else []
    yield Finding("instruments", Verdict.OK, told + (f" ({'; '.join(more)})" if more else ""), figures=figures)


def styles(settings: Settings) -> Iterator[Finding]:
    """Yield a finding on the person's own styles for the built-in composer, where there are any."""
    from engine.generators.composer.making import styles_folder
    from engine.generators.composer.styles import style_problems

    if (folder := styles_folder(generator_settings(settings))) is None:
        return
    problems = style_problems(folder)
    figures: dict[str, object] = {"folder": str(folder), "n_problems": len(problems)}
    for problem in problems:
        yield Finding("styles", Verdict.WARNING, problem, "correct it, or take it out of the folder", figures)
    if not problems:
        yield Finding("styles", Verdict.OK, f"the composer's own styles in {folder} can be used", figures=figures)


def library(settings: Settings) -> Iterator[Finding]:
    """Yield findings on the takes that were kept."""
    from engine.library.indexed_folder import INDEX_NAME
    from engine.library.takes import TakeLibrary

    folder = Path(settings.data_folder) if settings.data_folder else paths.data_folder()
    if not (folder / INDEX_NAME).exists():
        yield Finding("library", Verdict.OK, f"no take was kept in {folder} yet", figures={"n_takes": 0})
        return
    try:
        with TakeLibrary(folder) as takes:
            n_takes = takes.n_takes
    except StudioError as error:
        way_out = "choose another folder in the settings, or make this one writable"
        yield Finding("library", Verdict.WARNING, str(error), way_out)
        return
    takes_told = "1 take" if n_takes == 1 else f"{n_takes} takes"
    yield Finding("library", Verdict.OK, f"{takes_told} in {folder}", figures={"n_takes": n_takes})


def disk_space(settings: Settings) -> Iterator[Finding]:
    """Yield findings on the disks that takes and what was just heard are written to."""
    places = {"data folder": Path(settings.data_folder) if settings.data_folder else paths.data_folder()}
    # The ring of what was heard lives where the programme keeps what may be lost.
    cache = getattr(paths, "cache_folder", None)
    if cache is not None:
        places["cache folder"] = cache()
    for name, folder in places.items():
        free_gib = shutil.disk_usage(_existing(folder)).free / _GIB
        writable = os.access(_existing(folder), os.W_OK)
        figures: dict[str, object] = {"folder": str(folder), "free_gib": round(free_gib, 2), "is_writable": writable}
        told = f"{name} {folder}: {free_gib:.1f} GiB free"
        if not writable:
            yield Finding(name, Verdict.WARNING, f"{name} {folder} cannot be written", "choose another place", figures)
        elif free_gib < LITTLE_SPACE_GIB:
            yield Finding(name, Verdict.WARNING, told, "free some space: takes and recordings need it", figures)
        else:
            yield Finding(name, Verdict.OK, told, figures=figures)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def window(_: Settings) -> Iterator[Finding]:
    """Yield findings on the screen: whether there is one."""
    from app.commands.studio import check_display

    try:
        check_display()
    except StudioError as error:
        yield Finding("screen", Verdict.WARNING, str(error))
    else:
        yield Finding("screen", Verdict.OK, "the window can be opened")
