# SPDX-License-Identifier: GPL-3.0-or-later
"""A scratch folder goes with its owner; the folder of a killed owner is removed, and nothing else."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from engine.errors import CannotWrite
from engine.outside.scratch import MARK, ScratchFolder, began, sweep
from tests.bystanders import is_alive
from tests.descriptors import open_descriptors


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind(place: Path, pid: int = 2**22 + 1, start: int = 77) -> Path:
    """Make a folder as a dead owner left it; no process has such a number."""
    folder = place / f"infiniloop-musicgpt-{pid}-{start}-0123abcd"
    (folder / "models").mkdir(parents=True)
    (folder / "clip.wav").write_bytes(b"half a clip")
    return folder


def test_it_is_ours_alone_and_goes_with_its_context(place: Path) -> None:
    held = open_descriptors()
    with ScratchFolder("musicgpt") as scratch:
        assert scratch.path.stat().st_mode & 0o777 == 0o700
        (scratch.path / "a" / "b").mkdir(parents=True)
        (scratch.path / "a" / "link").symlink_to(place)
        (scratch.path / "a").chmod(0)
        assert sweep() == [], "it has an owner"
    assert list(place.iterdir()) == []
    assert open_descriptors() <= held


def test_no_place_for_it_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    with pytest.raises(CannotWrite, match="nowhere"):
        ScratchFolder("musicgpt")
    assert sweep() == []


def test_what_an_owner_that_is_gone_left_is_swept(place: Path) -> None:
    gone, number_taken = left_behind(place), left_behind(place, os.getpid(), 1)
    (gone / "models").chmod(0)
    assert began(os.getpid()) not in (None, 1)
    assert sorted(sweep()) == sorted([gone, number_taken])
    assert list(place.iterdir()) == []


def test_nothing_else_is_touched(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").write_text("kept")
    living = left_behind(place, os.getpid(), began(os.getpid()) or 0)
    names = (
        "infiniloop-musicgpt-x",
        "infiniloop-musicgpt-1-2",
        "musicgpt-9999999-77-0123abcd",
        "infiniloop-starters-1",
    )
    for name in names:
        (place / name).mkdir()
    file = place / "infiniloop-musicgpt-9999999-77-0123abce"
    file.write_text("a file")
    link = place / "infiniloop-musicgpt-9999999-77-0123abcf"
    link.symlink_to(elsewhere)
    locked = left_behind(place)
    descriptor = os.open(locked, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    before = sorted(place.iterdir())
    try:
        assert sweep() == []
    finally:
        os.close(descriptor)
    assert sorted(place.iterdir()) == before
    assert (elsewhere / "kept").exists()
    assert living.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_user_s_is_left_alone(place: Path) -> None:
    folder = left_behind(place)
    os.chown(folder, 12345, 12345)
    assert sweep() == []
    assert folder.exists()


def test_what_still_runs_there_is_ended_and_nothing_like_it(place: Path) -> None:
    folder = left_behind(place)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    command = [sys.executable, "-c", code]
    started = [
        subprocess.Popen(command, env={**os.environ, **mark}, stdout=subprocess.PIPE, start_new_session=True)
        for mark in ({MARK: str(folder)}, {MARK: f"{folder}0"}, {"OTHER": str(folder)}, {})
    ]
    try:
        for one in started:
            assert one.stdout is not None
            one.stdout.readline()
        assert sweep() == [folder]
        assert [one.poll() is None for one in started] == [False, True, True, True]
    finally:
        for one in started:
            one.kill()
            one.communicate()


def test_only_a_regular_file_is_opened_and_nothing_waits(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScratchFolder("test") as scratch:
        path = scratch.path
        (path / "regular").write_bytes(b"content")
        os.mkfifo(path / "pipe")
        (path / "link").symlink_to(path / "regular")
        (path / "folder").mkdir()
        with socket.socket(socket.AF_UNIX) as server:
            monkeypatch.chdir(path)  # a socket's path is short
            server.bind("socket")
            monkeypatch.chdir(place)
        with os.fdopen(scratch.open_file("regular"), "rb") as file:
            assert file.read() == b"content"
        assert scratch.size_of("regular") == 7
        assert scratch.size_of("none") == 0
        with pytest.raises(FileNotFoundError):
            scratch.open_file("none")
        for name, words in (
            ("link", "a link"),
            ("folder", "a folder"),
            ("pipe", "a pipe"),
            ("socket", "a pipe, a soc"),
        ):
            began_s = time.monotonic()
            with pytest.raises(OSError, match=words):
                scratch.open_file(name)
            assert time.monotonic() - began_s < 5.0


def test_a_zombie_has_no_beginning() -> None:
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(psutil.Process(process.pid))
        assert began(process.pid) is None
