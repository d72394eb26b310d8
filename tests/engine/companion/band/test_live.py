# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded player is played into a source of a private server; the band that answers is heard from outside."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.carried import Carried, recipe_of
from engine.listening.listen import listen
from engine.values import Clip
from tests.app.commands.running import command
from tests.engine.companion.band.players import RATE, Performance, perform
from tests.engine.playback.device.test_round_trips import listening_to
from tests.soundserver import SoundServer

pytestmark = pytest.mark.audio


@contextlib.contextmanager
def playing(server: SoundServer, sink: str, performance: Performance) -> Iterator[None]:
    """Play a performance into a sink, by another program, as if somebody played there."""
    words = ["pacat", f"--device={sink}", "--raw", "--format=float32le", f"--rate={RATE}", "--channels=2"]
    player = subprocess.Popen(
        words, stdin=subprocess.PIPE, env={**os.environ, **server.pulse_environment}, stderr=subprocess.DEVNULL
    )
    assert player.stdin is not None
    data = performance.clip.samples.astype("<f4").tobytes()

    def feed() -> None:
        assert player.stdin is not None
        with contextlib.suppress(OSError):
            player.stdin.write(data)
        with contextlib.suppress(OSError):
            player.stdin.close()

    thread = threading.Thread(target=feed)
    thread.start()
    try:
        yield
    finally:
        player.kill()
        player.wait()
        thread.join()


@pytest.mark.alone
def test_a_recorded_player_is_accompanied_and_the_mix_judged_from_outside(
    mortal_server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    performance = perform(104.0, bars=10, pattern="pop", after_s=1.0)
    out = tmp_path / "both.wav"
    words = ["band", "--style", "pop", "--json", "-o", str(out), "--seconds", "60", "--seed", "3"]
    with listening_to(mortal_server, "guitar"), (tmp_path / "log").open("w") as log:
        band = subprocess.Popen(command(*words), stdout=subprocess.PIPE, stderr=log, text=True)
        assert band.stdout is not None
        lines = [json.loads(band.stdout.readline())]
        while lines[-1]["input_peak_db"] is None:
            lines.append(json.loads(band.stdout.readline()))
        with mortal_server.recording("guitar") as own, mortal_server.recording() as heard:
            with playing(mortal_server, "guitar", performance):
                own.wait(performance.clip.duration_s)
            band.send_signal(signal.SIGINT)
            lines += [json.loads(line) for line in band.stdout]
        assert band.wait(30.0) in (0, 130), (tmp_path / "log").read_text()
        band.stdout.close()
    # Both recordings are of one server; what is heard beside the player is the band alone.
    begins = np.flatnonzero(np.abs(own.samples).max(axis=1) > 0.01)[0] / RATE
    first = float(np.flatnonzero(np.abs(performance.clip.samples).max(axis=1) > 0.01)[0] / RATE)
    beats = performance.beats_s - first + begins + heard.place_s(0.0) - own.place_s(0.0)
    sound = heard.samples
    assert np.abs(sound).max() > 0.02
    began = float(np.flatnonzero(np.abs(sound).max(axis=1) > 0.005)[0] / RATE)
    assert beats[6] < began < beats[-12]
    told = [one for one in lines if one["state"] == "playing"]
    assert np.median([one["bpm"] for one in told]) == pytest.approx(104.0, rel=0.01)
    # By the rule late frames are left out: on a busy machine some are, of all that was laid.
    assert lines[-1]["late"] < 0.02 * len(sound)
    # What the band plays, heard by itself, has the player's beats.
    sounding = sound[round(began * RATE) : round(beats[-1] * RATE)]
    alone = listen(Clip(np.ascontiguousarray(sounding), RATE)).beats
    assert alone is not None
    halves = np.sort(np.concatenate([beats, (beats[:-1] + beats[1:]) / 2.0]))
    off = np.array([np.abs(halves - one - began).min() for one in alone.times_s])
    assert len(off) > 12
    assert np.median(off) < 0.04
    written, rate = soundfile.read(out, always_2d=True)
    assert rate == RATE
    assert len(written) > 12 * RATE
    assert np.abs(written).max() > 0.05
    carried = recipe_of(out)
    assert isinstance(carried, Carried)
    assert carried.recipe.seed == 3


def test_without_an_input_it_says_so(no_sound: None, tmp_path: Path) -> None:
    done = subprocess.run(
        command("band", "--seconds", "2"), capture_output=True, text=True, check=False, timeout=60, env={**os.environ}
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
