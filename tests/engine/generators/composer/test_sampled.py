# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests play a SoundFont that they write, through FluidSynth's own library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import SoundFontBad
from engine.generators.composer import sounds
from engine.generators.composer.declared import SOUNDFONT, SOUNDS
from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.soundfont import DRUM_BANK, SoundFont, library
from engine.generators.composer.sounds import sounds_for
from engine.generators.composer.tone import Tone
from engine.values import FloatArray, Parameters
from tests.engine.generators.composer.pieces import request, run
from tests.engine.generators.composer.tinyfont import RATE, write_tiny_font
from tests.sampling import some

installed = pytest.mark.skipif(library() is None, reason="FluidSynth's library is not installed")


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def chosen(path: Path, wanted: str = "best") -> Parameters:
    return Parameters({SOUNDS.name: wanted, SOUNDFONT.name: str(path)})


def hz_of(wave: FloatArray) -> float:
    mono = np.asarray(wave if wave.ndim == 1 else wave.mean(axis=0), dtype=np.float64)
    magnitude = np.abs(np.fft.rfft(mono * np.hanning(mono.size), 1 << 18))
    return float(np.argmax(magnitude) * RATE / (1 << 18))


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have SoundFonts looked for in an empty folder."""
    monkeypatch.setattr(sounds, "FOLDERS", (str(tmp_path),))
    return tmp_path


@pytest.fixture
def font(tmp_path: Path) -> SoundFont:
    return SoundFont(write_tiny_font(tmp_path / "tiny.sf2", ((0, 0), (0, 73), (DRUM_BANK, 0))), RATE)


@installed
@pytest.mark.parametrize("midi", [45, 60, 69, 81])
def test_a_note_has_its_pitch_and_its_length(font: SoundFont, midi: int) -> None:
    wave = font.note(0, 0, midi, velocity=100, gate_s=0.5)
    wanted = 440.0 * 2 ** ((midi - 69) / 12)
    assert abs(1200 * np.log2(hz_of(wave) / wanted)) < 10
    assert wave.ndim == 1
    # It is held, dies within its release of 0.18 s, and what is below -70 dB is not kept.
    assert 0.5 < wave.size / RATE < 1.0
    assert abs(float(wave[-1])) < 1e-4
    sharper = font.note(0, 0, midi, velocity=100, gate_s=0.5, cents=50.0)
    assert 1200 * np.log2(hz_of(sharper) / wanted) == pytest.approx(50, abs=10)


@installed
def test_a_note_is_the_same_whatever_was_played_before(font: SoundFont, tmp_path: Path) -> None:
    first = font.note(0, 0, 60, velocity=100, gate_s=0.3)
    font.note(0, 73, 72, velocity=20, gate_s=2.0, cents=30.0, cutoff_cents=-2400.0)
    font.note(0, 0, 61, velocity=127, gate_s=0.01)
    np.testing.assert_array_equal(font.note(0, 0, 60, velocity=100, gate_s=0.3), first)
    other = SoundFont(font.path, RATE)
    np.testing.assert_array_equal(other.note(0, 0, 60, velocity=100, gate_s=0.3), first)


@installed
def test_force_and_brightness_open_the_filter_and_leave_the_level(font: SoundFont) -> None:
    piano = sounds.Sounds(font).instrument("piano")

    def played(force: float, bright: float = 1.0) -> tuple[float, float]:
        wave = piano.render(Tone(57, 0.5, force, bright, RATE), rng())[: RATE // 4]
        magnitude = np.abs(np.fft.rfft(wave * np.hanning(wave.size)))
        return float((magnitude * np.arange(magnitude.size)).sum() / magnitude.sum()), float(np.sqrt(np.mean(wave**2)))

    assert played(0.9, 0.3)[0] < 0.9 * played(0.9)[0]
    assert played(0.3)[0] < 0.97 * played(0.9)[0]
    assert played(0.95)[1] == pytest.approx(played(0.4)[1], rel=0.1)


@installed
def test_what_a_soundfont_lacks_is_synthesised(font: SoundFont) -> None:
    chosen_set = sounds.Sounds(font)
    assert chosen_set.instrument("piano").render is not INSTRUMENTS["piano"].render
    assert chosen_set.instrument("flute").render is not INSTRUMENTS["flute"].render
    assert chosen_set.instrument("violin") is INSTRUMENTS["violin"]
    # No recording stands for a synthesiser, nor for a drum machine.
    assert chosen_set.instrument("acid bass") is INSTRUMENTS["acid bass"]
    assert chosen_set.strike("kick", "909") is PIECES["kick"].render
    assert chosen_set.strike("conga_high", "909") is not PIECES["conga_high"].render
    assert chosen_set.strike("kick", "rock") is not PIECES["kick"].render
    # A brush is no stick.
    assert chosen_set.strike("brush", "jazz") is PIECES["brush"].render
    hits = [chosen_set.strike("snare", "rock")(KITS["rock"], np.random.default_rng(i), RATE, 0.7) for i in range(2)]
    assert all(hit.ndim == 1 and np.isfinite(hit).all() and hit.size > 1000 for hit in hits)
    n = min(hit.size for hit in hits)
    assert not np.array_equal(hits[0][:n], hits[1][:n])


@installed
def test_a_clip_is_played_with_the_soundfont_and_its_recipe_says_so(no_fonts: Path) -> None:
    path = write_tiny_font(no_fonts / "mine.sf2", ((0, 0), (DRUM_BANK, 0)))
    wanted = request("solo piano", 6.0)
    plain, _ = run(wanted)
    assert plain.versions["instruments"] == "synthesised"
    made, _ = run(replace(wanted, parameters=chosen(path)))
    assert made.versions["instruments"] == f"mine.sf2 ({path.stat().st_size} bytes)"
    assert made.versions["fluidsynth"][0].isdigit()
    assert made.facts == plain.facts
    assert not np.array_equal(made.clip.samples, plain.clip.samples)
    again, _ = run(replace(wanted, parameters=chosen(path)))
    np.testing.assert_array_equal(again.clip.samples, made.clip.samples)
    asked, _ = run(replace(wanted, parameters=chosen(path, "synthesised")))
    np.testing.assert_array_equal(asked.clip.samples, plain.clip.samples)


@installed
def test_good_soundfonts_are_found_by_themselves_and_poor_ones_where_they_are_asked_for(no_fonts: Path) -> None:
    assert sounds_for(Parameters(), RATE).font is None
    (no_fonts / "sf2").mkdir()
    write_tiny_font(no_fonts / "sf2" / "TimGM6mb.sf2")
    assert sounds_for(Parameters(), RATE).font is None
    sampled = Parameters({SOUNDS.name: "sampled"})
    poor = sounds_for(sampled, RATE).font
    assert poor is not None
    assert poor.path.name == "TimGM6mb.sf2"
    write_tiny_font(no_fonts / "FluidR3Mono_GM.sf3")
    for parameters in (sampled, Parameters()):
        found = sounds_for(parameters, RATE).font
        assert found is not None
        assert found.path.name == "FluidR3Mono_GM.sf3"
    assert sounds_for(Parameters({SOUNDS.name: "synthesised"}), RATE).font is None


@installed
@pytest.mark.parametrize("harm", some(["missing", "text", "cut", "empty", "folder"], every=2))
def test_a_broken_soundfont_is_told_and_the_music_goes_on(
    no_fonts: Path, harm: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = no_fonts / "broken.sf2"
    if harm == "folder":
        path.mkdir()
    elif harm == "cut":
        whole = write_tiny_font(path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif harm != "missing":
        path.write_bytes(b"" if harm == "empty" else b"This is a text.\n" * 99)
    wanted = sounds_for(chosen(path, "sampled"), RATE)
    assert wanted.font is None
    (problem,) = wanted.problems
    assert isinstance(problem, SoundFontBad)
    assert str(path) in str(problem)
    assert "synthesised" in str(problem)
    made, _ = run(replace(request("solo piano", 6.0), parameters=chosen(path)))
    assert made.versions["instruments"] == "synthesised"
    assert np.abs(made.clip.samples).max() > 0.05
    # The library has said nothing by itself.
    assert capfd.readouterr().err == ""


def test_without_the_library_the_music_is_synthesised(no_fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.generators.composer import soundfont

    monkeypatch.setattr(soundfont, "library", lambda: None)
    path = write_tiny_font(no_fonts / "other.sf2")
    without = sounds_for(chosen(path), RATE)
    assert without.font is None
    assert "FluidSynth" in str(without.problems[0])


@installed
def test_a_soundfont_that_was_written_anew_is_read_anew(no_fonts: Path) -> None:
    path = write_tiny_font(no_fonts / "mine.sf2")
    first = sounds_for(chosen(path), RATE).font
    assert first is not None
    assert sounds_for(chosen(path), RATE).font is first
    write_tiny_font(path, ((0, 0), (0, 73)))
    second = sounds_for(chosen(path), RATE).font
    assert second is not None
    assert (first.has(0, 73), second.has(0, 73)) == (False, True)
