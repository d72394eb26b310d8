# SPDX-License-Identifier: GPL-3.0-or-later
"""Whichever process of a radio is killed, what a listener decodes is never silent for long."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from engine.broadcast.mount import BURST_S
from tests.app.radio_listening import RadioListener
from tests.app.radios import RadioRun, on_air
from tests.engine.serving.running import until

pytestmark = pytest.mark.alone

MOST_DEAD_S = 5.0
"""Seconds of dead air that a radio may ever have."""
AFTERWARDS_S = 7.0
"""Seconds of music after which all that a kill could do was heard: a listener is some behind."""
AUDIO, ANALYSIS = "engine.playback.device.audio_process", "engine.worker.process"
HOSTS, BROADCAST = "engine.generators.host", "engine.broadcast.process"


def kill(run: RadioRun, module: str) -> None:
    """Kill the process that has a module's work, and wait until another has it."""
    until(lambda: bool(run.children(module)))
    victim = run.children(module)[0]
    victim.kill()
    until(lambda: any(one.pid != victim.pid for one in run.children(module)))


def live(run: RadioRun, listener: RadioListener) -> None:
    """Listen until all that was done to the radio was heard."""
    begun_s = listener.heard_s
    until(lambda: listener.heard_s > begun_s + AFTERWARDS_S)
    assert run.get("/health")["healthy"]


def test_kills_are_hardly_heard(tmp_path: Path) -> None:
    settings = {"duration_s": 6.0, "min_play_s": 10.0}
    with on_air(tmp_path, "lofi, 90 bpm", settings=settings) as run, contextlib.ExitStack() as stack:
        # Who joins has as much in hand as a player has.
        until(lambda: run.get("/health")["streamed_s"] > 2.0 * BURST_S)
        listener = stack.enter_context(RadioListener(run.url))
        until(lambda: listener.heard_s > 1.0 and not run.get("/current")["recycled"])
        for module in (AUDIO, ANALYSIS, HOSTS, BROADCAST):
            listener.dead_s, n_connections, before = 0.0, listener.n_connections, run.get("/current")
            kill(run, module)
            live(run, listener)
            assert listener.dead_s <= MOST_DEAD_S, module
            # Only a process that is dead hangs up.
            assert listener.n_connections == n_connections + (module == BROADCAST), module
            after = run.get("/current")
            assert after["number"] != before["number"] or after["recycled"] == before["recycled"], module
        listener.dead_s = 0.0
        # One that hangs hangs up on nobody by itself.
        run.children(BROADCAST)[0].suspend()
        live(run, listener)
        assert listener.dead_s <= MOST_DEAD_S, "hung"
        listener.dead_s = 0.0
        # Those that are at work: spares are waiting.
        for one in [run.children(module)[0] for module in (AUDIO, ANALYSIS, BROADCAST)] + run.children(HOSTS):
            one.kill()
        live(run, listener)
        assert listener.dead_s <= MOST_DEAD_S, "all at once"
