# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way works on the real thing: a click, a sound, a loop that takes over, a slider, a file, silence."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.generator_parameters import GeneratorValues
from app.settings import Settings
from engine.errors import CannotWrite, EmptyPrompt, GeneratorError
from tests.e2e.conftest import LATENCY_MS, Opened, Studio
from tests.e2e.hearing import first_sound_s, heard_anything, music
from tests.listening import align, dip_at, find_faults
from tests.soundserver import SAMPLE_RATE, Recording, SoundServer
from tests.standins import install_musicgpt

pytestmark = [pytest.mark.gui, pytest.mark.audio]

LSB_24 = 1.0 / 2**23
LIVE_S, LONGEST_LIVE_S = 20, 120
DIP_REACH_S, DIP_MARGIN_S = 4.0, 7.0
"""Seconds around a takeover in which its loudness is judged (the longest overlap), and to be recorded around it."""


def test_avvia_is_heard_and_ferma_is_silence(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    with opened(settings) as studio, sound_server.recording() as recording:
        assert len(psutil.Process().children()) >= 3, "the worker, the generators and the audio process run"
        clicked_s = time.monotonic()
        studio.start()
        studio.until(lambda: heard_anything(recording.samples), "a sound")
        assert first_sound_s(recording.samples) - recording.place_s(clicked_s) < 5.0
        studio.live(2.0)
        studio.stop()
        silent_s = recording.place_s(time.monotonic()) + 0.1 + LATENCY_MS / 1000 + 0.5
        studio.until(lambda: recording.seconds > silent_s + 0.5, "the silence is recorded")
        tail = recording.samples[round(silent_s * SAMPLE_RATE) :]
        assert not np.abs(tail).max()
        assert find_faults(music(recording.samples), SAMPLE_RATE) == []
        assert studio.failures == []


def test_takeovers_and_a_moving_overlap_without_a_gap_or_a_click(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    # The same music each time, however busy the machine: what is drawn by chance, or made shorter to keep up, may fall
    # quiet by itself just where one clip takes over.
    settings = replace(settings, generator_parameters={"composer": {"seed": 7}}, keep_up=False)
    with opened(settings) as studio, sound_server.recording() as recording:
        studio.start()
        studio.until(lambda: heard_anything(recording.samples), "a sound")
        began_s = first_sound_s(recording.samples)
        overlaps = set()
        slider = studio.window.overlap_panel
        keys = (Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_PageUp)

        def takeovers_s() -> list[float]:
            return [recording.place_s(at_s) - began_s for at_s in studio.took_over_s]

        def judged_s() -> list[float]:
            last_s = recording.seconds - began_s - DIP_MARGIN_S
            return [at_s for at_s in takeovers_s() if DIP_MARGIN_S < at_s < last_s]

        for second in range(LONGEST_LIVE_S):
            if second >= LIVE_S and len(studio.took_over_s) >= 2 and judged_s():
                break
            if second % 3 == 2:
                # The overlap moves while it plays, by the keys of the real slider.
                QTest.keyClick(slider.slider, keys[second // 3 % len(keys)])
            studio.live(1.0)
            overlaps.add(round(slider.overlap_ms()))
        judged = judged_s()
        heard = music(recording.samples)
        assert len(heard) > (LIVE_S - 2) * SAMPLE_RATE
        assert len(overlaps) >= 4
        assert len(studio.took_over_s) >= 2, "no second clip took over"
        assert find_faults(heard, SAMPLE_RATE) == []
        assert judged
        assert min(dip_at(heard, SAMPLE_RATE, at_s, reach_s=DIP_REACH_S) for at_s in judged) > -3.0
        assert studio.failures == []


def listen_and_save(studio: Studio, recording: Recording, path: Path) -> None:
    """Save the generated loop that plays; the file, decoded and repeated, is sample for sample what was heard."""
    studio.start()
    view = studio.go_on()
    assert not view.is_starter
    studio.live(studio.window.overlap_panel.overlap_ms() / 1000.0 + LATENCY_MS / 1000.0 + 0.5)
    began_s = recording.place_s(time.monotonic())
    studio.save_as(path)
    assert studio.saved == [str(path)]
    loop, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == SAMPLE_RATE
    assert len(loop) == view.region.n_samples
    studio.until(lambda: recording.seconds > began_s + len(loop) / rate + 1.5, "a whole turn is recorded")
    assert studio.view.loop_id == view.loop_id, "another loop took over while this one was compared"
    heard = recording.samples[round(began_s * SAMPLE_RATE) :]
    assert len(heard) > len(loop) + SAMPLE_RATE
    offset = align(heard, loop)
    expected = loop[(np.arange(len(heard)) - offset) % len(loop)]
    assert np.abs(heard - expected).max() <= 0.5 * LSB_24 + 1e-7


def test_salva_writes_what_was_heard(
    opened: Opened, settings: Settings, sound_server: SoundServer, tmp_path: Path
) -> None:
    # A loop brought to another tempo eases to its own for some bars: only then is it what SALVA writes.
    never_varied: GeneratorValues = {"composer": {"vary": False}}
    settings = replace(settings, min_play_s=60.0, beat_match=False, generator_parameters=never_varied)
    with opened(settings) as studio, sound_server.recording() as recording:
        listen_and_save(studio, recording, tmp_path / "loop.wav")
        assert studio.failures == []


@pytest.mark.soak
def test_the_same_with_musicgpt(opened: Opened, settings: Settings, sound_server: SoundServer, tmp_path: Path) -> None:
    settings = replace(
        settings,
        generator="musicgpt",
        model="small",
        generator_parameters={"musicgpt": {"path": str(install_musicgpt(tmp_path / "bin"))}},
        min_play_s=60.0,
        beat_match=False,
    )
    with opened(settings) as studio, sound_server.recording() as recording:
        listen_and_save(studio, recording, tmp_path / "loop.flac")
        assert studio.view.recipe.generator == "musicgpt"
        studio.stop()
        assert find_faults(music(recording.samples), SAMPLE_RATE) == []
        assert studio.failures == []


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> list[str]:
    return getattr(request, "param", [])


@pytest.mark.soak
@pytest.mark.parametrize("expected_logs", [["MusicGPT"]], indirect=True)
def test_a_musicgpt_that_dies_half_way_does_not_stop_the_music(
    opened: Opened, settings: Settings, sound_server: SoundServer, tmp_path: Path
) -> None:
    executable = install_musicgpt(tmp_path / "bin", misdeed="die-half-way")
    settings = replace(settings, generator="musicgpt", model="small")
    settings = replace(settings, generator_parameters={"musicgpt": {"path": str(executable)}})
    with opened(settings) as studio, sound_server.recording() as recording:
        studio.start()
        studio.until(lambda: bool(studio.failures), "the failure is told", 30.0)
        # It is tried again after a pause; what fails alike is not told again.
        studio.live(3.0)
        assert [isinstance(error, GeneratorError) for error in studio.failures] == [True]
        assert "MusicGPT" in studio.window.notice_bar.notice()
        # It is mended: the next try succeeds and the notice goes.
        install_musicgpt(tmp_path / "bin")
        studio.go_on()
        assert studio.window.notice_bar.notice() == ""
        assert find_faults(music(recording.samples), SAMPLE_RATE) == []


@pytest.mark.soak
def test_another_prompt_takes_over_soon(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    with opened(replace(settings, min_play_s=300.0)) as studio:
        studio.start()
        studio.go_on()
        studio.type_prompt("slow ambient, strings, in D minor")
        QTest.keyClick(studio.window.prompt_bar.edit, Qt.Key.Key_Return)
        view = studio.wait_for_takeover()
        assert view.recipe.prompt == "slow ambient, strings, in D minor"
        assert view.recipe.facts.key == "D minor"
        assert studio.failures == []


@pytest.mark.soak
def test_a_candidate_and_a_dragged_edge_are_heard_without_a_click(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    with opened(replace(settings, min_play_s=300.0)) as studio, sound_server.recording() as recording:
        studio.start()
        studio.go_on()
        studio.until(lambda: studio.view.peaks is not None and len(studio.view.candidates) > 1, "candidates are listed")
        studio.click_row(studio.window.candidates_panel.table, 1)
        studio.until(lambda: studio.view.current == 1, "the candidate plays")
        chosen = studio.view.region
        assert chosen == studio.view.candidates[1].region
        studio.live(1.0)
        plot = studio.window.waveform_panel.plot
        plot.setFocus()
        QTest.keyClick(plot, Qt.Key.Key_BracketRight)
        for _ in range(20):
            QTest.keyClick(plot, Qt.Key.Key_Left)
        studio.until(lambda: studio.view.region.loop_end < chosen.loop_end, "the dragged end is the loop's end")
        studio.until(lambda: studio.view.current is None, "the region is the person's own")
        studio.live(2.0)
        studio.stop()
        assert find_faults(music(recording.samples), SAMPLE_RATE) == []
        assert studio.failures == []


@pytest.mark.soak
def test_the_seam_of_what_plays_is_proved_and_dragging_proves_another(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    with opened(replace(settings, min_play_s=300.0)) as studio:
        window, view = studio.window, studio.window.metrics_panel.proof

        def figures() -> list[str]:
            return [one.label.text() for one in view.figures.values()]

        studio.start()
        studio.go_on()
        studio.until(lambda: "beats" in view.sentence.text(), "the seam is proved in words")
        assert not any("–" in figure for figure in figures())
        found, found_figures = studio.view.proof, figures()
        studio.until(lambda: studio.view.peaks is not None, "the clip is drawn")
        window.waveform_panel.plot.setFocus()
        QTest.keyClick(window.waveform_panel.plot, Qt.Key.Key_BracketRight)
        for _ in range(20):
            QTest.keyClick(window.waveform_panel.plot, Qt.Key.Key_Left)
        studio.until(lambda: studio.view.current is None and studio.view.proof is not None, "the new seam is proved")
        dragged = studio.view.proof
        assert dragged != found
        studio.until(lambda: figures() != found_figures, "and shown")
        QTest.keyClick(window.overlap_panel.slider, Qt.Key.Key_Home)
        studio.until(lambda: studio.view.overlap_ms < 10.0 and studio.view.proof is not None, "so is the bare seam")
        assert studio.view.proof not in (dragged, found)
        assert "–" not in view.sentence.text()
        assert studio.failures == []


@pytest.mark.soak
def test_a_take_from_the_library_plays_again(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    with opened(settings) as studio:
        studio.start()
        made = studio.go_on().recipe
        studio.stop()
    with opened(settings) as studio, sound_server.recording() as recording:
        studio.until(lambda: bool(studio.takes), "the takes are listed")
        rows = [row for row, take in enumerate(studio.takes) if take.recipe == made]
        assert len(rows) == 1
        studio.click_row(studio.window.library_panel.list, rows[0], times=2)
        studio.until(lambda: studio.view.recipe == made and studio.window.prompt_bar.is_running(), "the take plays")
        studio.until(lambda: heard_anything(recording.samples), "a sound")
        assert studio.failures == []


@pytest.mark.soak
def test_a_loop_set_by_hand_is_the_takes_when_the_window_opens_again(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    with opened(replace(settings, min_play_s=300.0)) as studio:
        studio.start()
        title = studio.go_on().recipe.title
        studio.until(lambda: title in [take.recipe.title for take in studio.takes], "it is a take")
        studio.until(lambda: studio.view.peaks is not None, "the clip is drawn")
        found = studio.view.region
        plot = studio.window.waveform_panel.plot
        plot.setFocus()
        QTest.keyClick(plot, Qt.Key.Key_BracketRight)
        QTest.keyClick(plot, Qt.Key.Key_Left)
        studio.until(lambda: studio.view.region != found, "the edge moved")
        dragged = studio.view.region
        assert dragged.loop_end < found.loop_end
    with opened(settings) as studio:
        studio.until(lambda: bool(studio.takes), "the takes are listed")
        row = [take.recipe.title for take in studio.takes].index(title)
        studio.click_row(studio.window.library_panel.list, row, times=2)
        studio.until(lambda: studio.view.recipe.title == title, "the take plays")
        assert studio.view.region == dragged
        studio.until(lambda: studio.window.waveform_panel.plot.region == dragged, "its edges are drawn there")
        assert studio.failures == []


@pytest.mark.soak
@pytest.mark.parametrize("expected_logs", [["prompt is empty", "cannot be written"]], indirect=True)
def test_mistakes_are_told_and_cost_nothing(
    opened: Opened, settings: Settings, sound_server: SoundServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with opened(replace(settings, data_folder=str(tmp_path / "file" / "data"))) as studio:
        studio.until(lambda: "cannot be written" in studio.window.notice_bar.notice(), "no library is told")
        studio.type_prompt("   ")
        studio.click(studio.window.prompt_bar.start_button)
        studio.until(lambda: "prompt is empty" in studio.window.notice_bar.notice(), "an empty prompt is told")
        assert not studio.window.prompt_bar.is_running()
        studio.window.prompt_bar.edit.setText("x" * 10_000)
        assert len(studio.window.prompt_bar.prompt()) == 2000
        studio.type_prompt("techno")
        studio.start()
        studio.go_on()
        studio.save_as(tmp_path / "file" / "loop.wav")
        told = [error for error in studio.failures if isinstance(error, CannotWrite)]
        assert {type(error) for error in studio.failures} <= {CannotWrite, EmptyPrompt}
        assert any("loop.wav" in str(error) for error in told), "SALVA into an impossible place is told"
        assert any("data" in str(error) for error in told), "a library that cannot be written is told"
        assert studio.window.prompt_bar.is_running(), "the music goes on"


@pytest.mark.soak
def test_no_device_is_told_and_the_music_goes_on_silently(opened: Opened, settings: Settings, no_sound: None) -> None:
    with opened(settings) as studio:
        studio.start()
        studio.until(lambda: bool(studio.window.notice_bar.notice()), "no device is told")
        assert "sound" in studio.window.notice_bar.notice().lower()
        studio.go_on()
        assert studio.window.prompt_bar.is_running()


@pytest.mark.soak
def test_the_window_comes_back_as_it_was_left(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    from app import paths
    from app.settings import load_settings

    with opened(settings) as studio:
        studio.type_prompt("dub")
        QTest.keyClick(studio.window.overlap_panel.slider, Qt.Key.Key_PageUp)
        QTest.keyClick(studio.window.generate_panel.duration.slider, Qt.Key.Key_PageUp)
        overlap_ms = studio.window.overlap_panel.overlap_ms()
        duration_s = studio.window.generate_panel.duration_s()
        assert overlap_ms != settings.overlap_ms
        assert duration_s != settings.duration_s
        studio.live(1.0)
    kept = load_settings(paths.settings_file())
    assert kept.prompt == "dub"
    assert (kept.overlap_ms, kept.duration_s) == pytest.approx((overlap_ms, duration_s))
    with opened(kept) as studio:
        assert studio.window.prompt_bar.prompt() == "dub"
        assert studio.window.overlap_panel.overlap_ms() == pytest.approx(overlap_ms, rel=0.01)
        assert studio.window.generate_panel.duration_s() == pytest.approx(duration_s)
