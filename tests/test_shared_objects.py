# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists under ``resources/setup`` bring every library that the environment's shared objects need.

A compiler, say, brings libatomic1 along, without which the studio is silent on a machine that has none.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

from tests.sampling import some

ROOT = Path(__file__).parents[1]
LIST = ROOT / "resources/setup/apt.txt"

SPARED = {
    r"PySide6/Qt/plugins/sqldrivers/": "no database is asked",
    r"PySide6/Qt/plugins/printsupport/": "nothing is printed",
    r"PySide6/Qt/plugins/platformthemes/libqgtk3": "GTK's look is not ours; without GTK Qt passes it over",
    r"PySide6/Qt/plugins/(egldeviceintegrations|platforms/libqeglfs|platforms/libqlinuxfb|platforms/libqvkkhrdisplay)":
        "for machines without a display server",
    r"PySide6/Qt/plugins/generic/": "for machines without a display server",
    r"PySide6/Qt/plugins/(designer|qmltooling|imageformats/libqpdf|platforminputcontexts/libqtvirtualkeyboard)":
        "parts of the Addons, which are not installed",
    r"PySide6/(Qt/libexec/|Qt/qml/|[a-z]+$|lupdate|lrelease|designer|linguist|assistant)": "tools that nothing starts",
    r"numba/np/ufunc/(tbbpool|omppool)": "numba's other schedulers, passed over where their libraries are not there",
}  # fmt: skip
"""Shared objects that nothing of ours loads: a pattern of paths below site-packages, and why it may stay broken."""

OPENED = ("libportaudio.so.2", "libasound_module_pcm_pulse.so", "libfluidsynth.so.3")
"""Shared objects that are loaded by name, and so stand in no list of needs."""


@cache
def needed(path: Path) -> tuple[list[str], list[str]]:
    """Return the sonames that a shared object needs, and the folders where it looks first."""
    with path.open("rb") as file:
        section = ELFFile(file).get_section_by_name(".dynamic")
        if not isinstance(section, DynamicSection):
            return [], []
        names, folders = [], []
        for tag in section.iter_tags():
            if tag.entry.d_tag == "DT_NEEDED":
                names.append(str(getattr(tag, "needed", "")))
            elif tag.entry.d_tag in {"DT_RPATH", "DT_RUNPATH"}:
                where = str(getattr(tag, "rpath", "") or getattr(tag, "runpath", ""))
                folders += [one.replace("$ORIGIN", str(path.parent)) for one in where.split(":") if one]
        return names, folders


def shared_objects(site: Path) -> Iterator[Path]:
    for path in site.rglob("*"):
        if path.is_symlink() or not path.is_file() or not (".so" in path.name or path.suffix == ""):
            continue
        with path.open("rb") as file:
            if file.read(4) == b"\x7fELF":
                yield path


@cache
def system_libraries() -> dict[str, str]:
    """Return where the dynamic linker finds each soname."""
    told = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    machine = "x86-64" if sys.maxsize > 2**32 else ""
    rows = re.findall(r"^\s+(\S+) \(([^)]*)\) => (\S+)$", told, re.MULTILINE)
    return {name: path for name, kind, path in reversed(rows) if machine in kind or "AArch64" in kind}


@cache
def packages() -> dict[str, tuple[list[str], bool]]:
    """Return the packages installed or provided, with those they depend on, and whether a bare system has them."""
    form = "${Package}\t${Pre-Depends}, ${Depends}\t${Provides}\t${Essential}\t${Priority}\t${db:Status-Status}\n"
    told = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout
    found: dict[str, tuple[list[str], bool]] = {}
    for line in told.splitlines():
        name, depends, provides, essential, priority, status = line.split("\t")
        if status != "installed":
            continue
        wanted = [names_in(one) for one in depends.split(",")]
        row = ([name for alternatives in wanted for name in alternatives], essential == "yes" or priority == "required")
        found[name] = row
        for provided in provides.split(","):
            for one in names_in(provided):
                found.setdefault(one, ([name], False))
    return found


def names_in(text: str) -> list[str]:
    return [match[1] for one in text.split("|") if (match := re.match(r"\s*([a-z0-9][a-z0-9+.-]+)", one))]


def brought_by(roots: set[str]) -> set[str]:
    """Return installed packages that come with these ones, or with a bare system."""
    known = packages()
    todo = [one for one in roots | {f"{root}t64" for root in roots} if one in known]
    todo += [name for name, (_, is_bare) in known.items() if is_bare]
    brought: set[str] = set()
    while todo:
        name = todo.pop()
        if name in known and name not in brought:
            brought.add(name)
            todo += known[name][0]
    return brought


def owners(libraries: list[str]) -> dict[str, str]:
    """Return the packages that installed these files, whether below /usr or, as the package names them, not."""
    names: dict[str, str] = {}
    for path in libraries:
        real = str(Path(path).resolve())
        names |= dict.fromkeys((path, real, real.removeprefix("/usr"), path.removeprefix("/usr"), f"/usr{path}"), path)
    told = subprocess.run(["dpkg-query", "-S", *names], capture_output=True, text=True, check=False).stdout
    rows = re.findall(r"^([a-z0-9+.-]+)(?::[a-z0-9]+)?: (/\S+)$", told, re.MULTILINE)
    return {names[place]: package for package, place in rows if place in names}


@cache
def environment() -> dict[Path, Path]:
    """Return the shared objects of the environment, by their places below its site-packages."""
    site = next(Path(sys.prefix).glob("lib/python3*/site-packages"))
    return {path.relative_to(site): path for path in shared_objects(site)}


def missing(roots: set[str]) -> list[str]:
    """Return a sentence for each library that something of ours needs and nothing brings."""
    objects = environment()
    bundled = {path.name for path in objects.values()}
    brought = brought_by(roots)
    wanted: dict[str, list[Path]] = {}
    for place, path in objects.items():
        if any(re.search(pattern, str(place)) for pattern in SPARED):
            continue
        try:
            names, folders = needed(path)
        except ELFError:
            continue
        for name in names:
            if name not in bundled and not any((Path(folder) / name).exists() for folder in folders):
                wanted.setdefault(name, []).append(place)
    wanted |= {name: [Path("the studio, when it starts")] for name in OPENED if name not in bundled}
    libraries = {name: found for name in wanted if (found := system_libraries().get(name) or plugin(name)) is not None}
    owned = owners(list(libraries.values()))
    told = []
    for name, places in sorted(wanted.items()):
        package = owned.get(libraries.get(name, ""))
        if package is None or package not in brought:
            told.append(f"{name} (of {package or 'no installed package'}) is needed by {places[0]}")
    return told


def plugin(name: str) -> str | None:
    """Return where a plug-in of ALSA's lies."""
    return next((str(path) for path in Path("/usr/lib").glob(f"*/alsa-lib/{name}")), None)


def listed() -> set[str]:
    lines = (line.split("#")[0].strip() for line in LIST.read_text().splitlines())
    return {line for line in lines if line}


pytestmark = pytest.mark.skipif(not Path("/usr/bin/dpkg-query").exists(), reason="the lists are of Debian's packages")


def test_what_is_needed_is_brought() -> None:
    assert missing(listed()) == []


@pytest.mark.parametrize(
    "package", some(["libxcb-cursor0", "libatomic1", "libasound2-plugins", "libportaudio2"], every=2)
)
def test_what_is_not_brought_is_noticed(package: str) -> None:
    assert len(missing(listed() - {package})) > 0
