# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme as started from a shell ends every process that it started, however it ends, and only those."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.soundserver import SoundServer
from tests.standins import MUSICGPT, install_musicgpt

pytestmark = [pytest.mark.gui, pytest.mark.audio]

ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], bool], what: str, timeout_s: float = 30.0) -> None:
    give_up = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up, f"{what}: not within {timeout_s:g} s"
        time.sleep(0.05)


def xdotool(*arguments: str) -> str:
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, check=False, timeout=20).stdout


@contextmanager
def running_studio(tmp_path: Path, **environment: str) -> Iterator[psutil.Process]:
    """Yield ``infiniloop`` with its own settings, its window shown, its processes started."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    with subprocess.Popen(
        [sys.executable, "-m", "app.main"], cwd=ROOT, env={**os.environ, **folders, **environment}
    ) as process:
        studio = psutil.Process(process.pid)
        try:
            until(lambda: bool(windows(process.pid)), "the window is shown")
            until(lambda: len(studio.children()) >= 3, "its processes run")
            yield studio
        finally:
            process.kill()


@contextmanager
def stranger(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a MusicGPT that another program owns."""
    command = [str(install_musicgpt(folder, misdeed="hang")), "a tune", "--secs", "5", "--output", "x.wav"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def windows(pid: int) -> list[str]:
    return xdotool("search", "--all", "--onlyvisible", "--pid", str(pid), "--name", "Infiniloop").split()


def press(studio: psutil.Process, keys: str) -> None:
    window = windows(studio.pid)[-1]
    xdotool("windowfocus", "--sync", window)
    xdotool("key", "--clearmodifiers", keys)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and status(one) != psutil.STATUS_ZOMBIE]


def status(process: psutil.Process) -> str:
    try:
        return str(process.status())
    except psutil.NoSuchProcess:
        return str(psutil.STATUS_ZOMBIE)


def command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


# The three signals have one handler.
@pytest.mark.parametrize(
    "how",
    [
        signal.SIGTERM,
        signal.SIGKILL,
        pytest.param(signal.SIGINT, marks=pytest.mark.soak),
        pytest.param(signal.SIGHUP, marks=pytest.mark.soak),
    ],
)
def test_every_process_ends_with_the_studio(
    how: signal.Signals, display: str, sound_server: SoundServer, tmp_path: Path
) -> None:
    musicgpt = install_musicgpt(tmp_path / "bin", misdeed="hang")
    (tmp_path / "config" / "infiniloop").mkdir(parents=True)
    (tmp_path / "config" / "infiniloop" / "settings.json").write_text('{"generator": "musicgpt", "model": "small"}')
    with (
        stranger(tmp_path / "stranger") as bystander,
        running_studio(tmp_path, INFINILOOP_MUSICGPT=str(musicgpt)) as studio,
    ):
        press(studio, "ctrl+Return")
        until(lambda: np.abs(sound_server.record(0.3)).max() > 0.003, "a sound")
        until(lambda: any(str(MUSICGPT) in command(one) for one in studio.children(recursive=True)), "MusicGPT runs")
        children = studio.children(recursive=True)
        studio.send_signal(how)
        until(lambda: not alive([studio]), "the studio ends")
        until(lambda: not alive(children), "its processes end")
        assert bystander.poll() is None, "a process that was not the studio's was ended"


@pytest.mark.soak
def test_two_studios_play_and_keep_their_takes_together(
    display: str, sound_server: SoundServer, tmp_path: Path
) -> None:
    (tmp_path / "config" / "infiniloop").mkdir(parents=True)
    (tmp_path / "config" / "infiniloop" / "settings.json").write_text('{"duration_s": 5.0}')
    with running_studio(tmp_path) as first, running_studio(tmp_path) as second:
        for studio in (first, second):
            press(studio, "ctrl+Return")
        until(lambda: sound_server.n_streams() == 2, "both play")
        takes = tmp_path / "data" / "infiniloop" / "takes"
        until(lambda: takes.is_dir() and len(list(takes.glob("*.json"))) >= 2, "both keep a take", 60.0)
        for studio in (first, second):
            studio.terminate()
            until(lambda studio=studio: not alive([studio]), "it closes")  # type: ignore[misc]
    from engine.library.takes import TakeLibrary

    with TakeLibrary(tmp_path / "data" / "infiniloop") as library:
        kept = library.takes()
        assert len(kept) >= 2
        assert all(library.load(take.take_id)[1].n_samples > 0 for take in kept)
