# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio process that serves has a spare beside it, whichever of them was killed, both at once included."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from tests.app.radio_listening import RadioListener
from tests.app.radios import RadioRun, on_air
from tests.engine.serving.running import until

pytestmark = pytest.mark.alone

BROADCAST = "engine.broadcast.process"


def two(run: RadioRun) -> list[psutil.Process]:
    """Return both processes, once they are there."""
    until(lambda: len(run.children(BROADCAST)) == 2)
    return run.children(BROADCAST)


def test_there_is_a_spare_again_whichever_was_killed(tmp_path: Path) -> None:
    settings = {"duration_s": 6.0, "min_play_s": 10.0}
    with on_air(tmp_path, "lofi, 90 bpm", settings=settings) as run, RadioListener(run.url) as listener:
        for victims in (slice(1, 2), slice(0, 2), slice(1, None, -1), slice(0, 1)):
            dead = two(run)[victims]
            heard_s = listener.heard_s
            for one in dead:
                one.kill()
            psutil.wait_procs(dead, timeout=10.0)
            assert not set(dead) & set(two(run))
            until(lambda before_s=heard_s: listener.heard_s > before_s + 5.0)
            assert run.get("/health")["healthy"]
        # One object, whichever process is on the air.
        assert json.loads((tmp_path / "out").read_text("utf-8"))["address"].startswith(run.url)
