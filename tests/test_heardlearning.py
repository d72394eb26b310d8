# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that listen learn from true pieces, and what they learn is what the studio runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.dsp.banks import N_MELS
from engine.listening.beat_network import RISE_SCALE_DB, BeatNetwork, beat_features
from engine.listening.beat_network import WEIGHTS_FILE as BEATS_FILE
from engine.listening.harmony import WEIGHTS_FILE as HARMONY_FILE
from engine.listening.harmony import HarmonyNetwork
from engine.listening.style_ear import WEIGHTS_FILE as STYLES_FILE
from tests.benchmarks.heardcases.beat_samples import CROP_FRAMES, heard_otherwise, sample, targets
from tests.benchmarks.heardcases.composed import composed_piece
from tests.benchmarks.heardcases.corpus import PieceName, styled
from tests.benchmarks.heardcases.features import Lesson, lessons, save_arrays
from tests.benchmarks.heardcases.learn_styles import learned_ear

FRAMES_PER_S = 86.0


@pytest.fixture(scope="module")
def handful() -> list[Lesson]:
    return [Lesson.of(composed_piece(seed)) for seed in range(6)]


def _clicks(n_beats: int = 40) -> Lesson:
    """Return a lesson in which all bands rise at each beat, every 43 frames, and fade."""
    n = 43 * n_beats
    since = (np.arange(n) - 10) % 43
    mel_db = np.repeat(np.maximum(-40.0, -4.0 * since)[:, None], N_MELS, axis=1).astype(np.float16)
    beats_s = (10 + 43 * np.arange(n_beats)) / FRAMES_PER_S
    chords_s = beats_s[::4]
    return Lesson(
        mel_db=mel_db,
        chroma=np.ones((n, 12), dtype=np.float16),
        frames_per_s=FRAMES_PER_S,
        beats_s=beats_s,
        end_s=n / FRAMES_PER_S,
        downbeats=np.arange(0, n_beats, 4),
        chords_s=chords_s,
        chords=np.arange(len(chords_s), dtype=np.intp) % 24,
        key=0,
    )


def test_beats_have_the_chord_that_sounds_then() -> None:
    lesson = _clicks()
    assert lesson.chords_of_beats().tolist() == [number // 4 for number in range(40)]
    assert lesson.edges()[:3].tolist() == [10, 53, 96]
    assert len(lesson.edges()) == len(lesson.beats_s) + 1


def test_targets_are_at_the_beats() -> None:
    lesson = _clicks()
    marks, counts = targets(lesson, 900, 1.0, 10)
    assert np.flatnonzero(marks[0] > 0.99).tolist() == list(range(0, 900, 43))
    assert np.flatnonzero(marks[1] > 0.99).tolist() == list(range(0, 900, 4 * 43))
    assert counts.all()
    # Nothing is said of what follows the end.
    last = 43 * 40 - 10
    _, counts = targets(lesson, last + 100, 1.0, 10)
    assert counts.sum() == last


@pytest.mark.parametrize("seed", range(12))
def test_beats_stay_where_they_sound_however_it_is_heard(seed: int) -> None:
    features, marks, counts = sample(_clicks(60), np.random.default_rng(seed))
    assert features.shape == (2 * N_MELS, CROP_FRAMES)
    rises = features[N_MELS:].mean(axis=0) * RISE_SCALE_DB
    beats = np.flatnonzero((marks[0] > 0.8) & (counts > 0.0))
    beats = beats[(beats > 3) & (beats < CROP_FRAMES - 3)]
    assert len(beats) > 20
    assert all(rises[beat - 2 : beat + 3].max() > 5.0 for beat in beats)
    between = np.flatnonzero((marks[0] == 0.0) & (counts > 0.0))
    assert rises[between[between > 3]].max() < 1.0


def test_what_is_heard_otherwise_stays_within_what_is_heard() -> None:
    mel_db = _clicks().mel_db.astype(np.float32)
    stretches = set()
    for seed in range(20):
        other, stretch = heard_otherwise(mel_db, np.random.default_rng(seed))
        assert len(other) == round(len(mel_db) * stretch)
        assert other.min() >= -50.0
        assert other.max() <= 0.0
        stretches.add(stretch)
    assert len(stretches) > 10
    assert max(stretches) > 1.1
    assert min(stretches) < 0.9


def test_lessons_are_kept_and_not_made_again(tmp_path: Path) -> None:
    names = [PieceName("composer", 0), PieceName("composer", 1)]
    first = [lesson for _, lesson in lessons(names, tmp_path, 1)]
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = [lesson for _, lesson in lessons(names, tmp_path, 1)]
    assert len(first) == len(again) == len(files) == 2
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files
    expected = Lesson.of(composed_piece(0))
    for one in (first[0], again[0]):
        assert np.array_equal(one.mel_db, expected.mel_db)
        assert np.array_equal(one.chords_of_beats(), expected.chords_of_beats())
        assert (one.key, one.end_s, one.frames_per_s) == (expected.key, expected.end_s, expected.frames_per_s)


def test_an_ear_for_styles_is_learnt(tmp_path: Path) -> None:
    styles = ("drone", "punk", "waltz")
    names = [PieceName("composer", number, style) for number in range(3) for style in styles]
    heard = list(lessons(names, tmp_path, 1))
    assert {name.style for name, _ in heard} == set(styles)
    ear = learned_ear(heard[:6])
    for name, lesson in heard[6:]:
        assert ear.likest(lesson.mel_db.astype(np.float32))[0] == name.style
    with np.load(STYLES_FILE) as present:
        # Of every style that the composer has.
        assert sorted(present["names"]) == sorted(styled_name.style for styled_name in styled(1))
        assert {name: one.shape[1:] for name, one in present.items()} == {
            name: one.shape[1:] for name, one in ear.arrays().items()
        }


# They load torch, which the tests of every day have in one process alone.
@pytest.mark.soak
def test_beats_are_learnt_and_numpy_hears_what_pytorch_does(handful: list[Lesson], tmp_path: Path) -> None:
    import torch

    from tests.benchmarks.heardcases import learn_beats

    told: list[float] = []
    network, losses = learn_beats.learn(
        handful, epochs=12, n_channels=8, tell=lambda _epoch, loss, _held, _network: told.append(loss)
    )
    assert told == losses
    assert losses[-1] < 0.8 * losses[0]
    ours = learn_beats.in_numpy(network)
    mel_db = handful[0].mel_db.astype(np.float32)
    with torch.no_grad():
        theirs = network(torch.from_numpy(beat_features(mel_db).T.copy())[None])[0].numpy().T
    assert np.allclose(ours(mel_db), theirs, atol=1e-4)
    # As it is shipped, in half precision, it says nearly the same.
    save_arrays(tmp_path / "beats.npz", ours.arrays())
    with np.load(tmp_path / "beats.npz") as arrays:
        shipped = BeatNetwork.of(dict(arrays))
    assert np.allclose(shipped(mel_db), theirs, atol=0.05)
    with np.load(BEATS_FILE) as present:
        assert set(present) == set(ours.arrays())


@pytest.mark.soak
def test_harmony_is_learnt_and_numpy_hears_what_pytorch_does(handful: list[Lesson], tmp_path: Path) -> None:
    import torch

    from engine.listening.harmony import chroma_of_beats
    from tests.benchmarks.heardcases import learn_harmony

    said: list[str] = []
    learned, losses = learn_harmony.learn(handful, epochs=150, tell=said.append)
    assert losses[-1] < 0.8 * losses[0]
    assert len(said) == 2
    chroma = chroma_of_beats(handful[0].chroma.astype(np.float32), handful[0].edges())
    network = learn_harmony.Network().eval()
    with torch.no_grad():
        odds = network(torch.from_numpy(learn_harmony.around_beats(chroma)))
        theirs = torch.log_softmax(odds, 1).numpy()
    assert np.allclose(learn_harmony.in_numpy(network, learned.key).chords(chroma), theirs, atol=1e-4)
    # The chords and keys of the few pieces that it knows are known.
    chords = [one.chords_of_beats() for one in handful]
    heard = [learned.chords(chroma_of_beats(one.chroma.astype(np.float32), one.edges())) for one in handful]
    right = np.concatenate([(odds.argmax(axis=1) == true)[true >= 0] for odds, true in zip(heard, chords, strict=True)])
    assert right.mean() > 0.6
    save_arrays(tmp_path / "harmony.npz", learned.arrays())
    with np.load(tmp_path / "harmony.npz") as arrays, np.load(HARMONY_FILE) as present:
        assert {name: one.shape for name, one in arrays.items()} == {name: one.shape for name, one in present.items()}
        assert np.allclose(HarmonyNetwork.of(dict(arrays)).chords(chroma), learned.chords(chroma), atol=0.1)
