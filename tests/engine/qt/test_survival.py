# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a playing studio are killed, hang and fail: the music goes on, and one sentence says what happened."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from engine.generators.base import Limits
from engine.qt import links
from engine.session import clip_maker, fallback_chain
from engine.session.options import StudioOptions
from tests.engine.qt.conftest import DEAD_S, MODULES, SPEED, Listener, Opened
from tests.forked import command_line
from tests.standins import MUSICGPT, install_musicgpt, musicgpt_settings

pytestmark = pytest.mark.gui


@pytest.fixture
def expected_logs() -> list[str]:
    return ["process stopped (exit code -9)", "did not answer within", "No sound came", "no space left on device"]


def standins() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if str(MUSICGPT) in command_line(one)]


def with_musicgpt(options: StudioOptions, folder: Path, misdeed: str) -> StudioOptions:
    settings = musicgpt_settings(str(install_musicgpt(folder, misdeed=misdeed)))
    return replace(options, generator="musicgpt", model="small", generators=settings)


def test_each_process_killed_is_replaced_and_told_once(studio: Listener) -> None:
    studio.change(min_play_s=10.0)
    studio.start()
    for count, name in enumerate(MODULES, start=1):
        pid = studio.kill(name)
        studio.until(lambda count=count: len(studio.failures) == count, f"the end of {name} is told")  # type: ignore[misc]
        assert studio.sentences[-1] == f"The {name} process stopped (exit code -9) and was started again."
        studio.until_another(name, pid)
        studio.until_it_plays()
    studio.until_takeover()
    studio.until(lambda: studio.view.peaks is not None and len(studio.view.candidates) > 1, "its picture is drawn")
    studio.until_it_plays()
    assert len(studio.failures) == len(MODULES)


@pytest.mark.soak
def test_an_audio_process_killed_again_and_again_goes_on_with_the_loop_that_led(
    studio: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FIRST_RESTART_S", 0.1)
    studio.start()
    made = studio.until_takeover()
    region = studio.region(0.1, 0.7)
    studio.change(volume=0.25)
    studio.region_wanted.emit(region)
    for _ in range(3):
        studio.until_it_plays()
        studio.until_another("audio", studio.kill("audio"))
    studio.until_it_plays()
    heard = studio.snapshots[-1].endless
    assert heard.loop_id == made.loop_id
    assert heard.position_samples < region.n_samples
    assert len({str(error) for error in studio.failures}) == 1


@pytest.mark.soak
def test_processes_that_hang_are_replaced(
    opened: Opened, options: StudioOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A generator that works is niced: on a busy machine it is silent for seconds.
    monkeypatch.setattr(clip_maker, "limits_of", lambda _: Limits(load_s=12.0, silence_s=12.0))
    with opened(options) as studio:
        studio.start()
        stopped = [studio.process("audio"), studio.process("composer")]
        for one in stopped:
            one.suspend()
        studio.until(lambda: not any(one.is_running() for one in stopped), "both are ended")
        studio.until_it_plays()
        studio.until_takeover()
        told = set(studio.sentences)
        # Two look after the audio process: on a busy machine either may be the first. The longer limit is while it
        # looked for a device, of which there is none.
        assert told <= {
            "The audio process did not answer within 2 s and was started again.",
            "The audio process did not answer within 10 s and was started again.",
            "No sound came for 2 s, and the audio process was started again.",
            "The composer process did not answer within 12 s and was started again.",
        }
        assert any("audio process" in sentence for sentence in told)


@pytest.mark.soak
def test_a_spare_that_hangs_is_replaced(studio: Listener) -> None:
    spare = studio.until_spare()
    spare.suspend()
    studio.until(lambda: not spare.is_running() and studio.until_spare().pid != spare.pid, "it is replaced")
    studio.start()
    studio.until_another("audio", studio.kill("audio"))
    studio.until_it_plays()
    assert studio.sentences == ["The audio process stopped (exit code -9) and was started again."]


@pytest.mark.soak
def test_a_generator_that_fails_gives_way_step_by_step_and_comes_back_when_it_works_again(
    opened: Opened, options: StudioOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_maker, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(fallback_chain, "WISHED_AGAIN_S", 0.0)
    with opened(replace(with_musicgpt(options, tmp_path / "bin", "exit-1"), model="medium")) as studio:
        studio.speed_wanted.emit(SPEED)
        studio.change(min_play_s=10.0)
        studio.start()
        view = studio.until_takeover()
        assert (view.recipe.generator, view.recipe.duration_s) == ("composer", 6.0)
        steps = [line for line in studio.lines if "makes nothing" in line]
        assert steps == [
            "MusicGPT makes nothing: a clip of 3 s is tried",
            "MusicGPT makes nothing: its model “small-quant” is tried",
            "MusicGPT makes nothing: the composer does, until it works again",
        ]
        # Each try failed alike: that was told once.
        assert len(studio.failures) == 1
        install_musicgpt(tmp_path / "bin")
        studio.until(lambda: "MusicGPT works again" in studio.lines, "it works again", 60.0)
        studio.until(lambda: studio.view.recipe.generator == "musicgpt", "it is heard", 60.0)
        assert studio.view.recipe.model == "medium"
        assert len([line for line in studio.lines if "makes nothing" in line]) == 3


@pytest.mark.soak
def test_another_generator_may_be_chosen_while_one_fails(
    opened: Opened, options: StudioOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_maker, "FIRST_RETRY_S", 30.0)
    with opened(with_musicgpt(options, tmp_path / "bin", "exit-1")) as studio:
        studio.start()
        studio.until_state("failed")
        assert studio.states[-1].retry_s == 30.0
        studio.change(generator="composer", model="")
        assert studio.until_takeover().recipe.generator == "composer"
        assert len(studio.failures) == 1


def test_a_stop_ends_what_is_being_made(opened: Opened, options: StudioOptions, tmp_path: Path) -> None:
    with opened(with_musicgpt(options, tmp_path / "bin", "hang")) as studio:
        studio.start()
        studio.until(standins, "MusicGPT runs")
        studio.stop()
        studio.until(lambda: not standins(), "MusicGPT is ended")
        assert studio.states[-1].kind == "idle"
        assert studio.failures == []


@pytest.mark.soak
def test_a_generator_that_does_not_heed_a_cancel_is_replaced(
    opened: Opened, options: StudioOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_maker, "limits_of", lambda _: Limits(cancel_s=0.5))
    with opened(with_musicgpt(options, tmp_path / "bin", "hang")) as studio:
        studio.start()
        studio.until(standins, "MusicGPT runs")
        host = studio.process("musicgpt")
        host.suspend()
        studio.stop()
        studio.until(lambda: not host.is_running() and not standins(), "both are ended")
        studio.change(generator="composer", model="")
        studio.start()
        assert studio.until_takeover().recipe.generator == "composer"


@pytest.mark.alone
@pytest.mark.parametrize("hung", [(), ("audio", "analysis", "musicgpt")])
def test_closing_while_everything_works_leaves_nothing(
    hung: tuple[str, ...], opened: Opened, options: StudioOptions, tmp_path: Path
) -> None:
    with opened(with_musicgpt(options, tmp_path / "bin", "ignore-term")) as studio:
        studio.start()
        studio.until(standins, "MusicGPT runs")
        for name in hung:
            os.kill(studio.process(name).pid, signal.SIGSTOP)
        studio.region_wanted.emit(studio.region(0.1, 0.9))
        studio.save_wanted.emit(str(tmp_path / "loop.wav"))
        studio.take_wanted.emit("none")
        studio.devices_wanted.emit()
        family = psutil.Process().children(recursive=True)
        begun_s = time.monotonic()
        studio.engine.shut_down()
        assert time.monotonic() - begun_s < DEAD_S
        engine = [one for one in family if any(module in command_line(one) for module in MODULES.values())]
        assert engine == []
        studio.until(lambda: not standins(), "MusicGPT is ended")
