# SPDX-License-Identifier: GPL-3.0-or-later
"""Drums are played from files that a person brings, or a package: by kit, by piece, and harder ones harder."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.generators.composer.declared import DRUMS, SOUNDFONT, SOUNDS
from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.kit import FORCE_LAYERS, Kit
from engine.generators.composer.one_shots import (
    LIST,
    MORE,
    MOST_TOLD,
    NO_DRUM,
    NO_KIT,
    NOTHING_THERE,
    SILENT,
    OneShots,
    installed_one_shots,
    own_one_shots,
)
from engine.generators.composer.sounds import sounds_for
from engine.library.toml_text import WrongValueError
from engine.values import FloatArray, Parameters
from tests.engine.generators.composer.pieces import request, run

RATE = 44_100
SOME = "kick", "snare", "hat"


def write_tone(path: Path, hz: float, rate: int = RATE, *, silence_s: float = 0.0) -> None:
    """Write a tone that dies away, a second long, after some silence."""
    t = np.arange(rate) / rate
    wave = 0.5 * np.sin(2 * np.pi * hz * t) * np.exp(-t / 0.15)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.concatenate([np.zeros(round(silence_s * rate)), wave]), rate)


def unplayed(_kit: Kit, _rng: np.random.Generator, _rate: int, _force: float = 0.8, /) -> FloatArray:
    return np.zeros(10, np.float32)


def struck(drums: OneShots, kit: str, piece: str, force: float = 0.8) -> FloatArray:
    return drums.strike(kit, piece, unplayed)(KITS[kit], np.random.default_rng(1), RATE, force)


def hz_of(wave: FloatArray) -> float:
    magnitude = np.abs(np.fft.rfft(wave.astype(np.float64) * np.hanning(wave.size), 1 << 18))
    return float(np.argmax(magnitude) * RATE / (1 << 18))


def test_a_drum_is_what_its_file_has_in_each_kit_or_in_one(tmp_path: Path) -> None:
    write_tone(tmp_path / "snare.wav", 300.0, silence_s=0.2)
    write_tone(tmp_path / "rock" / "snare.flac", 500.0, 48_000)
    drums = own_one_shots(tmp_path)
    assert drums.problems == ()
    for kit, hz in (("acoustic", 300.0), ("rock", 500.0)):
        wave = struck(drums, kit, "snare")
        assert abs(1200 * np.log2(hz_of(wave) / hz)) < 14
        # It is struck at once, whatever silence the file begins with.
        assert int(np.argmax(np.abs(wave) > 0.3 * np.abs(wave).max())) < 0.004 * RATE
    assert drums.strike("rock", "kick", unplayed) is unplayed


@pytest.mark.parametrize(("n_files", "heard"), [(1, (1, 1, 1)), (2, (1, 2, 2)), (3, (1, 2, 3)), (8, (1, 5, 8))])
def test_a_harder_stroke_has_a_file_of_its_own(tmp_path: Path, n_files: int, heard: tuple[int, ...]) -> None:
    for layer in range(1, n_files + 1):
        write_tone(tmp_path / f"tom_low-{layer}.wav", 100.0 * layer)
    drums = own_one_shots(tmp_path)
    waves = [struck(drums, "rock", "tom_low", force) for force in FORCE_LAYERS]
    assert tuple(round(hz_of(wave) / 100.0) for wave in waves) == heard


def test_a_softer_stroke_of_the_same_file_is_duller_and_no_two_are_alike(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / 4000.0)
    soundfile.write(tmp_path / "snap.wav", 0.1 * noise, RATE)
    drums = own_one_shots(tmp_path)

    def centroid(force: float) -> float:
        power = np.square(np.abs(np.fft.rfft(struck(drums, "lofi", "snap", force))))
        return float((power * np.arange(power.size)).sum() / power.sum())

    assert centroid(0.3) < 0.7 * centroid(1.0)
    strike, rng = drums.strike("lofi", "snap", unplayed), np.random.default_rng(1)
    one, other = (strike(KITS["lofi"], rng, RATE, 0.8) for _ in range(2))
    assert one.size != other.size or not np.array_equal(one, other)


def test_what_cannot_be_played_is_told_and_the_rest_is_played(tmp_path: Path) -> None:
    write_tone(tmp_path / "kick.wav", 60.0)
    write_tone(tmp_path / "kik.wav", 60.0)
    write_tone(tmp_path / "polka" / "snare.wav", 200.0)
    soundfile.write(tmp_path / "snap.wav", np.zeros(RATE), RATE)
    (tmp_path / "hat.wav").write_bytes(b"This is a text.\n" * 50)
    drums = own_one_shots(tmp_path)
    told = {Path(str(one.fields["path"])).name: str(one) for one in drums.problems}
    assert told.keys() == {"kik.wav", "snare.wav", "snap.wav", "hat.wav"}
    assert (NO_DRUM in told["kik.wav"], NO_KIT in told["snare.wav"], SILENT in told["snap.wav"]) == (True, True, True)
    assert hz_of(struck(drums, "rock", "kick")) == pytest.approx(60.0, rel=0.02)
    assert drums.strike("rock", "snap", unplayed) is unplayed
    # A file that is gone since is no reason to be silent.
    (tmp_path / "kick.wav").unlink()
    assert np.array_equal(struck(drums, "rock", "kick"), np.zeros(10))


def test_a_folder_of_other_sounds_is_told_in_few_sentences(tmp_path: Path) -> None:
    assert [str(one) for one in own_one_shots(tmp_path).problems] == [f"“{tmp_path}” cannot be used: {NOTHING_THERE}."]
    for number in range(20):
        write_tone(tmp_path / f"song {number}.wav", 200.0)
    drums = own_one_shots(tmp_path)
    assert len(drums.problems) == MOST_TOLD + 1
    assert MORE in str(drums.problems[-1])
    assert drums.label == "", "nothing is played of it, and no recipe says so"


def test_odd_files_are_drums_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    soundfile.write(tmp_path / "kick.wav", 0.1 * rng.standard_normal((RATE, 8)), RATE)
    soundfile.write(tmp_path / "snare.wav", 0.1 * rng.standard_normal(40), 96_000)
    side = 0.1 * rng.standard_normal(RATE)
    soundfile.write(tmp_path / "hat.wav", np.stack([side, -side], axis=1), RATE)
    write_tone(tmp_path / "ROCK" / "Tom High 2.WAV", 300.0)
    drums = own_one_shots(tmp_path)
    assert drums.problems == ()
    for piece in ("kick", "snare", "hat", "tom_high"):
        assert np.isfinite(struck(drums, "rock", piece)).all()
        assert np.abs(struck(drums, "rock", piece)).max() > 0.1
    # Of an hour only the beginning is read.
    long = tmp_path / "crash.wav"
    with soundfile.SoundFile(long, "w", 8000, 1) as file:
        for _ in range(60):
            file.write(0.1 * rng.standard_normal(8000))
    assert struck(own_one_shots(tmp_path), "rock", "crash").size < 5 * RATE


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = own_one_shots(tmp_path / "gone").problems
    assert "gone" in str(problem)


def test_the_composer_plays_a_persons_drums_and_the_recipe_says_so(tmp_path: Path) -> None:
    for piece in SOME:
        write_tone(tmp_path / "own" / f"{piece}.wav", 1000.0)
    parameters = Parameters({SOUNDS.name: "best", SOUNDFONT.name: "", DRUMS.name: str(tmp_path / "own")})
    made, _ = run(replace(request("rock, drums only", 6.0), parameters=parameters))
    assert made.versions["drums"].startswith("own (3 files, ")
    plain, _ = run(replace(request("rock, drums only", 6.0), parameters=Parameters({SOUNDS.name: "synthesised"})))
    assert "drums" not in plain.versions
    mono = [one.clip.samples.mean(axis=1) for one in (made, plain)]
    at = round(1000.0 * mono[0].size / RATE)
    shares = []
    for wave in mono:
        power = np.square(np.abs(np.fft.rfft(wave)))
        shares.append(power[at - 200 : at + 200].sum() / power.sum())
    assert shares[0] > 4.0 * shares[1]
    # A person's own drums are meant, whatever the instruments are.
    own = Parameters({SOUNDS.name: "synthesised", DRUMS.name: str(tmp_path / "own")})
    assert sounds_for(own, RATE).versions == {"instruments": "synthesised", "drums": made.versions["drums"]}


def test_a_package_that_is_listed_is_found(tmp_path: Path) -> None:
    for name, hz in (("a_soft.flac", 100.0), ("a_hard.flac", 300.0)):
        write_tone(tmp_path / "files" / name, hz)
    text = f'[mine]\nfolders = ["/none", "{tmp_path / "files"}"]\n[mine.rock]\n'
    text += 'kick = ["a_soft.flac", "a_hard.flac"]\nsnare = ["not_there.flac"]\n'
    (tmp_path / "list.toml").write_text(text)
    drums = installed_one_shots(tmp_path / "list.toml")
    assert drums is not None
    assert drums.label.startswith("mine (2 files, ")
    assert [round(hz_of(struck(drums, "rock", "kick", force)) / 100.0) for force in (0.3, 0.9)] == [1, 3]
    assert drums.strike("rock", "snare", unplayed) is unplayed
    assert drums.strike("acoustic", "kick", unplayed) is unplayed


def test_what_ships_as_a_list_names_kits_and_drums_there_are(tmp_path: Path) -> None:
    listed = tomllib.loads(LIST.read_text())
    for name, tables in listed.items():
        text = f'[{name}]\nfolders = ["{tmp_path}"]\n'
        for kit, pieces in tables.items():
            if kit == "folders":
                continue
            text += f"[{name}.{kit}]\n"
            for piece, files in pieces.items():
                text += f"{piece} = {list(files)}\n"
                for file in files:
                    write_tone(tmp_path / file, 200.0)
        (tmp_path / "here.toml").write_text(text)
        drums = installed_one_shots(tmp_path / "here.toml")
        assert drums is not None
        assert all(drums.strike(kit, "cowbell", unplayed) is not unplayed for kit in KITS)
        assert {piece for piece in PIECES if drums.strike("rock", piece, unplayed) is not unplayed} >= {*SOME, "crash"}
    (tmp_path / "wrong.toml").write_text('[mine]\nfolders = []\n[mine.polka]\nkick = ["a.wav"]\n')
    with pytest.raises(WrongValueError, match="polka"):
        installed_one_shots(tmp_path / "wrong.toml")
