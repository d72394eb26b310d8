# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio writes no more than it says, and on a full disk the music goes on."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from engine.log_lines import MOST_BYTES
from tests.app.radio_listening import RadioListener
from tests.app.radios import on_air
from tests.engine.serving.running import until

SETTINGS = {"duration_s": 6.0, "min_play_s": 10.0}


def test_the_log_of_a_radio_that_runs_is_kept_short(tmp_path: Path) -> None:
    with on_air(tmp_path, "lofi, 90 bpm", settings=SETTINGS):
        log = tmp_path / "state" / "infiniloop" / "log" / "infiniloop.log"
        with log.open("a", encoding="utf-8") as other:
            other.write("a process that talks a lot\n" * (MOST_BYTES // 20))
        until(lambda: log.stat().st_size < MOST_BYTES)
        assert log.with_name("infiniloop.log.1").stat().st_size == MOST_BYTES


def test_on_a_full_disk_the_music_goes_on(tmp_path: Path) -> None:
    # In a mount namespace of its own, which ends with its process.
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    disks = [tmp_path / name for name in ("data", "cache", "state")]
    for one in disks:
        one.mkdir()
    script = (
        'for disk in "$1" "$2" "$3"; do mount -t tmpfs -o size=256k none "$disk" || exit 1; done; shift 3; exec "$@"'
    )
    before = [*alone, "sh", "-c", script, "sh", *map(str, disks)]
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode != 0:
        # Some systems forbid it to all but root, and nothing else is full for one program alone.
        pytest.skip("no small disk can be mounted here")
    hls = str(tmp_path / "data" / "hls")
    with (
        on_air(tmp_path, "lofi, 90 bpm", "--hls", hls, settings=SETTINGS, before=before) as run,
        RadioListener(run.url) as listener,
    ):
        until(lambda: run.get("/health")["hls"] == os.strerror(errno.ENOSPC))
        number, heard_s = run.get("/current")["number"], listener.heard_s
        until(lambda: run.get("/current")["number"] > number)
        until(lambda: listener.heard_s > heard_s + 5.0)
        assert run.get("/health")["healthy"]
        assert listener.n_connections == 1
        # What was on air is told all the same.
        assert len(run.get("/history")) >= 2
