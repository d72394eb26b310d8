# SPDX-License-Identifier: GPL-3.0-or-later
"""``generate`` writes notes and stems beside the clip, over no file that is there."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from app.commands.scores import stem_paths
from engine.values import Clip, ClipResult, MusicFacts
from tests.app.commands.running import fails, infiniloop, read, works

PIECE = ("generate", "lofi in C minor", "--duration", "6", "--seed", "3")


@pytest.mark.soak
def test_notes_and_stems_are_written(tmp_path: Path) -> None:
    clip, midi, stems = tmp_path / "a.wav", tmp_path / "a.mid", tmp_path / "new" / "stems"
    told = json.loads(works(*PIECE, "-o", clip, "--midi", midi, "--stems", stems, "--json"))
    assert told["midi"] == str(midi)
    assert sorted(told["stems"]) == sorted(map(str, stems.iterdir()))
    assert {"drums", "electric piano"} <= {path.stem for path in stems.iterdir()}
    assert soundfile.info(stems / "drums.wav").subtype == "FLOAT"
    whole = read(clip)
    total = np.sum([read(path) for path in stems.iterdir()], axis=0, dtype=np.float64)
    assert 20.0 * np.log10(np.abs(total - whole).max() / np.abs(whole).max()) < -90.0
    file = mido.MidiFile(midi)
    assert file.length == pytest.approx(told["duration_s"], abs=1e-4)
    names = [one.name for track in file.tracks for one in track if one.type == "track_name"]
    assert {*names} <= {path.stem for path in stems.iterdir()}
    fails(*PIECE, "-o", tmp_path / "b.wav", "--stems", stems, words=("there already", "--force"))
    assert not (tmp_path / "b.wav").exists()
    fails(*PIECE, "-o", tmp_path / "b.wav", "--midi", midi, words=("a.mid", "there already"))
    works(*PIECE, "-o", clip, "--midi", midi, "--stems", stems, "--force")


@pytest.mark.soak
def test_what_cannot_be_written_is_told_before_anything_is_made(tmp_path: Path) -> None:
    out = ("-o", tmp_path / "a.wav")
    fails(*PIECE, *out, "--midi", tmp_path / "a.wave", words=("a.wave", ".mid"))
    fails(*PIECE, *out, "--stems", tmp_path, "-o", tmp_path / "drums.wav", words=("drums.wav", "sound itself"))
    (tmp_path / "file").write_text("")
    fails(*PIECE, *out, "--stems", tmp_path / "file" / "under", words=("file",))
    for words in (("--midi", tmp_path / "a.mid"), ("--stems", tmp_path / "s")):
        done = infiniloop("generate", "lofi", "--generator", "musicgpt", *out, *words)
        assert done.returncode == 1
        assert "MusicGPT takes no request for" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


def test_names_of_stems_are_safe_and_distinct(tmp_path: Path) -> None:
    import argparse

    clip = Clip(np.zeros((10, 2), np.float32), 44_100)
    names = ("../../etc/passwd", "a/b", "ab", "…")
    made = ClipResult(1, clip, MusicFacts(), None, {}, stems=dict.fromkeys(names, clip))
    paths = stem_paths(argparse.Namespace(stems=str(tmp_path)), made)
    assert [path.name for path in paths] == ["etcpasswd.wav", "ab.wav", "ab (2).wav", "stem.wav"]
    assert {path.parent for path in paths} == {tmp_path}
