# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fetches the MusicGPT program for this machine from its release, with its checksum.

The release tells the checksum of each file by GitHub's API (``digest``); those known beforehand stand in ``BUILDS``.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Generator as Steps
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import (
    FetchingOff,
    FetchRefused,
    HubUnreachable,
    NoChecksum,
    NoReleaseFor,
    NoRoomFor,
    cannot_write,
)
from engine.models.fetching import CONNECT_S, SILENCE_S, Digest, Wanted, fetched
from engine.models.machine import free_bytes, size_in_words
from engine.models.programs import PAGE, PROGRAM, program_folder
from engine.models.weights import SPARE_BYTES, Pace
from engine.values.assets import FetchProgress

TITLE = "MusicGPT"
RELEASE = "v0.3.28"
API = "https://api.github.com/repos/gabotechs/MusicGPT/releases/tags/" + RELEASE
_OK = 200


@dataclass(frozen=True, slots=True)
class Build:
    """A build is the release's file for a kind of machine.

    ``sha256`` is "" where it is not known beforehand: then the release's own is what counts.
    """

    file: str
    sha256: str = ""


BUILDS = {
    ("linux", "x86_64"): Build("musicgpt-x86_64-unknown-linux-gnu"),
    ("linux", "aarch64"): Build("musicgpt-aarch64-unknown-linux-gnu"),
    ("darwin", "arm64"): Build("musicgpt-aarch64-apple-darwin"),
    ("darwin", "x86_64"): Build("musicgpt-x86_64-apple-darwin"),
}
"""Builds by system and machine. No checksum is noted yet: it is the release that tells them (see README)."""


def get_program(
    data_folder: str,
    *,
    offline: bool = False,
    without_checksum: bool = False,
    api: str = API,
    machine: tuple[str, str] | None = None,
) -> Steps[FetchProgress, None, Path]:
    """Fetch the program into the studio's data folder; return where it is, executable and whole.

    Closed earlier it leaves nothing; failing for want of a network it leaves what came so far.

    Parameters
    ----------
    without_checksum
        Whether a release that tells no checksum is believed.
    api
        Address of the release's description.
    machine
        System and machine as Python names them; None is this one.

    Raises
    ------
    FetchingOff, NoReleaseFor, HubUnreachable, FetchRefused, NoChecksum, NoRoomFor, FetchedDamaged, CannotWrite
    """
    if offline:
        raise FetchingOff(name=PROGRAM)
    system, kind = machine or (sys.platform, platform.machine())
    build = BUILDS.get((system, kind))
    if build is None:
        raise NoReleaseFor(generator=TITLE, machine=f"{system} {kind}", address=PAGE)
    yield FetchProgress(PROGRAM, "asking the release")
    wanted = _wanted(_described(api), build, api, without_checksum=without_checksum)
    target = program_folder(data_folder) / build.file
    part = target.with_name(f".{build.file}.part")
    free = free_bytes(target.parent)
    if wanted.size_bytes + SPARE_BYTES > free:
        needed = size_in_words(wanted.size_bytes + SPARE_BYTES)
        raise NoRoomFor(name=PROGRAM, needed=needed, free=size_in_words(free), path=str(target.parent))
    pace = Pace()
    try:
        for n_bytes in fetched(wanted, part):
            left_s = pace.left_s(n_bytes, wanted.size_bytes)
            yield FetchProgress(PROGRAM, "downloading", n_bytes, wanted.size_bytes, left_s)
        # Not before it is whole and proved: whoever finds it may run it.
        part.chmod(0o755)
        part.replace(target)
    except GeneratorExit:
        discard_program(data_folder)
        raise
    except OSError as error:
        raise cannot_write(target, error) from error
    return target


def discard_program(data_folder: str) -> None:
    """Remove what a download of the program that was killed has left."""
    for build in BUILDS.values():
        (program_folder(data_folder) / f".{build.file}.part").unlink(missing_ok=True)


def _described(api: str) -> dict[str, Any]:
    """Return what the release says of itself."""
    import httpx

    host = httpx.URL(api).host
    try:
        timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
        headers = {"Accept": "application/vnd.github+json", "User-Agent": "infiniloop"}
        answer = httpx.get(api, headers=headers, timeout=timeout, follow_redirects=True)
        if answer.status_code != _OK:
            raise FetchRefused(address=host, path=f"{TITLE} {RELEASE}", status=answer.status_code)
        told = answer.json()
    except httpx.HTTPError as error:
        raise HubUnreachable(address=host, detail="no network") from error
    except ValueError as error:
        raise HubUnreachable(address=host, detail="it answers something else") from error
    return told if isinstance(told, dict) else {}


def _wanted(release: dict[str, Any], build: Build, api: str, *, without_checksum: bool) -> Wanted:
    import httpx

    told = release.get("assets")
    listed = told if isinstance(told, list) else []
    asset = next((one for one in listed if isinstance(one, dict) and one.get("name") == build.file), None)
    if asset is None:
        raise NoReleaseFor(generator=TITLE, machine=build.file.removeprefix("musicgpt-"), address=PAGE)
    url, size = str(asset.get("browser_download_url") or ""), asset.get("size") or 0
    if not _is_address(url) or not isinstance(size, int) or size < 0:
        raise HubUnreachable(address=httpx.URL(api).host, detail="it answers something else than a release")
    sha256 = build.sha256 or str(asset.get("digest") or "").removeprefix("sha256:")
    if not sha256 and not without_checksum:
        raise NoChecksum(release=RELEASE, path=build.file, address=url or PAGE, name=PROGRAM)
    digest = Digest("sha256", sha256.lower()) if sha256 else None
    return Wanted(url, build.file, size, digest, {"User-Agent": "infiniloop"})


def _is_address(url: str) -> bool:
    import httpx

    try:
        there = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return there.scheme in ("http", "https") and bool(there.host)
