# SPDX-License-Identifier: GPL-3.0-or-later
"""This module puts an extra of the studio (torch, say) into the environment that the studio runs in, by pip.

Everything is downloaded before anything is changed: that half can be broken off without a trace. Then it is installed
from there, which takes a minute and is not broken off.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator as Steps
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path
from urllib.parse import unquote

from engine.errors import EnvironmentClosed, ExtraUnknown, FetchingOff, NoRoomFor, SetupFailed, cannot_write
from engine.models.fetching import CONNECT_S, SILENCE_S, Digest, Wanted, fetched
from engine.models.machine import free_bytes, has_nvidia_card, size_in_words
from engine.models.weights import Fetching, Pace
from engine.values.assets import FetchProgress, Held

DISTRIBUTION = "infiniloop-studio"
CONSTRAINTS = Path(__file__).parents[2] / "resources/setup/constraints.txt"
"""The versions that the studio is tested with."""
MISSING_FILES = Path(__file__).parents[2] / "resources/setup/missing_files.py"
"""The script that notes which packages the environment has, for the check before each ``make run``."""
NOTED = ".packages"
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
"""Where torch's build for processors is: that for graphics cards is twenty times as large."""
UNPACKED_FACTOR = 3.5
"""Size of packages once they are unpacked, beside that of their files: about that of torch, the largest of them."""
LOOK_S = 0.2
"""Seconds between two looks at how far pip is."""
LAST_WORDS_CHARACTERS = 300

SCRATCH = ".infiniloop-setup"
"""Name of the folder, below the environment's, where packages wait until all of them are there."""

_LOG = "pip-extra.log"


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment is where packages are put.

    Attributes
    ----------
    interpreter
        Its Python.
    prefix
        Its folder, as ``sys.prefix``.
    is_own
        Whether it is an environment of its own, and not the system's Python.
    """

    interpreter: str
    prefix: Path
    is_own: bool

    @classmethod
    def of_this_process(cls) -> Environment:
        """Return the environment that the studio runs in."""
        return cls(sys.executable, Path(sys.prefix), sys.prefix != sys.base_prefix)

    def check(self, extra: str) -> None:
        """Raise EnvironmentClosed, with what to do, where packages cannot be put into it."""
        by_hand = f"make an environment of its own with “python3 -m venv”, and install “{DISTRIBUTION}[{extra}]” there"
        if not self.is_own:
            raise EnvironmentClosed(path=str(self.prefix), detail="it is the system's own Python", hint=by_hand)
        if not os.access(self.prefix, os.W_OK):
            hint = f"have its owner run “infiniloop models setup {extra}”, or {by_hand}"
            raise EnvironmentClosed(path=str(self.prefix), detail="it cannot be written", hint=hint)

    def pip(self, *words: str) -> list[str]:
        """Return the command line of this process's pip, working on this environment."""
        other = [] if self.interpreter == sys.executable else ["--python", self.interpreter]
        quiet = ["--disable-pip-version-check", "--no-input"]
        return [sys.executable, "-m", "pip", *other, *quiet, *words]


def requirements_of(extra: str) -> tuple[str, ...]:
    """Return what an extra asks for, as pip reads it. Raises ExtraUnknown."""
    from packaging.requirements import Requirement

    found: dict[str, list[str]] = {}
    with contextlib.suppress(PackageNotFoundError):
        for line in requires(DISTRIBUTION) or ():
            one = Requirement(line)
            names = re.findall(r"extra\s*==\s*['\"]([^'\"]+)['\"]", str(one.marker or ""))
            for name in names:
                one.marker = None
                found.setdefault(name, []).append(str(one))
    if extra not in found:
        raise ExtraUnknown(value=extra, choices=", ".join(sorted(found)))
    return tuple(found[extra])


def extra_held(extra: str) -> Held:
    """Return whether what an extra asks for is installed, in versions that do. Raises ExtraUnknown."""
    from packaging.requirements import Requirement

    n_there = 0
    wanted = requirements_of(extra)
    for line in wanted:
        one = Requirement(line)
        with contextlib.suppress(PackageNotFoundError):
            n_there += one.specifier.contains(distribution(one.name).version, prereleases=True)
    return Held.HERE if n_there == len(wanted) else Held.PARTLY if n_there else Held.MISSING


def extra_size_bytes(extra: str) -> int:
    """Return how many bytes the packages that an extra names take, without what these need themselves."""
    from packaging.requirements import Requirement

    total = 0
    for line in requirements_of(extra):
        with contextlib.suppress(PackageNotFoundError):
            files = distribution(Requirement(line).name).files or ()
            total += sum(one.size or 0 for one in files)
    return total


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is missing: its name, its version, where its file is, how large that is and its checksum."""

    name: str
    version: str
    url: str
    size_bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """The name of its file."""
        import httpx

        return unquote(httpx.URL(self.url).path.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan says what an extra will bring."""

    extra: str
    packages: tuple[Package, ...]

    @property
    def download_bytes(self) -> int:
        """How much is fetched, as far as its servers tell."""
        return sum(one.size_bytes for one in self.packages)

    @property
    def disk_bytes(self) -> int:
        """How much of the disk it takes at the end, about."""
        return round(UNPACKED_FACTOR * self.download_bytes)


def plan_setup(
    extra: str,
    *,
    requirements: tuple[str, ...] = (),
    offline: bool = False,
    environment: Environment | None = None,
) -> Steps[FetchProgress, None, Plan]:
    """Find out what an extra needs that is missing, without changing anything.

    Parameters
    ----------
    requirements
        What it asks for; nothing stands for what the studio's own metadata say.
    environment
        Where it goes; None is where the studio runs.

    Raises
    ------
    ExtraUnknown, FetchingOff, EnvironmentClosed, SetupFailed
    """
    there = environment or Environment.of_this_process()
    wanted = requirements or requirements_of(extra)
    if offline:
        raise FetchingOff(name=extra)
    there.check(extra)
    index = [] if has_nvidia_card() or sys.platform != "linux" else ["--extra-index-url", CPU_BUILDS]
    with tempfile.TemporaryDirectory(prefix="infiniloop-setup-") as folder:
        report = Path(folder) / "report.json"
        dry = ["--dry-run", "--quiet", "--report", str(report), "--constraint", str(CONSTRAINTS)]
        for _ in _running(there.pip("install", *dry, *index, *wanted), extra, there):
            yield FetchProgress(extra, "looking for packages")
        told = json.loads(report.read_text(encoding="utf-8"))["install"]
    packages = []
    for one in told:
        info, data = one["download_info"], one["metadata"]
        sha256 = (info.get("archive_info") or {}).get("hashes", {}).get("sha256", "")
        packages.append(Package(data["name"], data["version"], info["url"], _size_at(info["url"]), sha256))
        yield FetchProgress(extra, "looking for packages")
    return Plan(extra, tuple(packages))


def _size_at(url: str) -> int:
    """Return the size of a package's file, 0 where its server does not tell."""
    import httpx

    if url.startswith("file:"):
        path = _local(url)
        return path.stat().st_size if path.exists() else 0
    with contextlib.suppress(httpx.HTTPError, ValueError):
        answer = httpx.head(url, timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S), follow_redirects=True)
        return int(answer.headers.get("Content-Length", 0)) if answer.is_success else 0
    return 0


def _local(url: str) -> Path:
    import httpx

    return Path(unquote(httpx.URL(url).path))


def set_up(plan: Plan, *, environment: Environment | None = None) -> Fetching:
    """Download what is missing, then install it; closing it while it downloads leaves the environment as it was.

    Raises
    ------
    NoRoomFor
        The disk has not enough room for the packages and what they unpack to.
    HubUnreachable, FetchRefused, FetchedDamaged, AssetInUse, CannotWrite
        As in ``engine.models.fetching.fetched``; what came so far is gone on with by the next try.
    SetupFailed
        pip says no.
    """
    there = environment or Environment.of_this_process()
    if not plan.packages:
        return
    # Beside the environment's own files: the system's folder for temporary files is often too small.
    folder = there.prefix / SCRATCH
    needed, free = plan.download_bytes + plan.disk_bytes - _bytes_in(folder), free_bytes(there.prefix)
    if needed > free:
        raise NoRoomFor(name=plan.extra, needed=size_in_words(needed), free=size_in_words(free), path=str(there.prefix))
    try:
        yield from _download(plan, folder)
        files = [str(folder / one.file) for one in plan.packages]
        is_built = all(one.endswith(".whl") for one in files)
        options = ["--no-deps", "--quiet", *(["--no-index"] if is_built else [])]
        for _ in _running(there.pip("install", *options, *files), plan.extra, there, ends=False):
            total = plan.download_bytes
            yield FetchProgress(plan.extra, "installing", total, total, can_cancel=False)
    except GeneratorExit:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except OSError as error:
        raise cannot_write(folder, error) from error
    shutil.rmtree(folder, ignore_errors=True)
    _note_packages(there)


def discard_setup(environment: Environment | None = None) -> None:
    """Remove what a setup that was killed has downloaded."""
    there = environment or Environment.of_this_process()
    shutil.rmtree(there.prefix / SCRATCH, ignore_errors=True)


def _download(plan: Plan, folder: Path) -> Iterator[FetchProgress]:
    folder.mkdir(parents=True, exist_ok=True)
    pace, total, done = Pace(), plan.download_bytes, 0
    for one in sorted(plan.packages, key=lambda one: one.size_bytes):
        target, part = folder / one.file, folder / f"{one.file}.part"
        digest = Digest("sha256", one.sha256) if one.sha256 else None
        if one.url.startswith("file:"):
            shutil.copyfile(_local(one.url), target)
        elif not target.exists():
            wanted = Wanted(one.url, one.file, one.size_bytes, digest)
            for n_bytes in fetched(wanted, part):
                yield FetchProgress(
                    plan.extra, "downloading", done + n_bytes, total, pace.left_s(done + n_bytes, total)
                )
            part.replace(target)
        done += one.size_bytes
        yield FetchProgress(plan.extra, "downloading", done, total)


def _running(words: list[str], extra: str, there: Environment, *, ends: bool = True) -> Iterator[None]:
    """Run pip, yielding now and then; closed earlier it ends pip, unless ``ends`` is False. Raises SetupFailed.

    What must not be torn apart has a session of its own: it comes to its end though the studio is killed.
    """
    log_path = there.prefix / _LOG
    with (
        log_path.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=not ends
        ) as process,
    ):
        try:
            while process.poll() is None:
                yield
                time.sleep(LOOK_S)
        finally:
            if ends and process.poll() is None:
                process.terminate()
            process.wait()
    if process.returncode:
        raise SetupFailed(name=extra, detail=_last_words(log_path), log=str(log_path))
    log_path.unlink(missing_ok=True)


def _last_words(log: Path) -> str:
    lines = [one.strip() for one in log.read_text(encoding="utf-8", errors="replace").splitlines() if one.strip()]
    told = [one for one in lines if one.startswith("ERROR:")] or lines
    return told[-1].removeprefix("ERROR:").strip().rstrip(".")[:LAST_WORDS_CHARACTERS] if told else "it says nothing"


def _bytes_in(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(Path(where) / name).st_size
    return total


def _note_packages(there: Environment) -> None:
    """Note which packages there are now, where an installation by make keeps such a note."""
    if (there.prefix / NOTED).exists() and MISSING_FILES.exists():
        subprocess.run([there.interpreter, "-I", str(MISSING_FILES), "--note"], check=False, stdin=subprocess.DEVNULL)
