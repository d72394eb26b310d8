# SPDX-License-Identifier: GPL-3.0-or-later
"""A MIDI file holds the notes of a score at their ticks, lasts its bars, and says tempo, metre, key and players."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mido
import pytest

from engine.errors import CannotWrite, UnknownFormat
from engine.library.midifile import DRUM_CHANNEL, TICKS_PER_QUARTER, write_midi
from engine.values import LoopRegion, PlayedChord, PlayedHit, PlayedNote, PlayedPart, PlayedScore

RATE = 48_000
BAR = 96_000  # two seconds: 120 bpm in 4/4
QUARTER = 24_000
N = 2 * BAR


def score(*notes: PlayedNote, hits: tuple[PlayedHit, ...] = (), **other: Any) -> PlayedScore:
    values: dict[str, Any] = {
        "n_samples": N,
        "sample_rate": RATE,
        "bars": 2,
        "metre": (4, 4),
        "key": "F# minor",
        "chords": (PlayedChord(0, "F#m7"), PlayedChord(BAR, "D/F#")),
        "parts": (PlayedPart("electric piano", 4, notes),) if notes else (),
        "hits": hits,
        **other,
    }
    return PlayedScore(**values)


def written(folder: Path, told: PlayedScore) -> mido.MidiFile:
    write_midi(folder / "out.mid", told)
    return mido.MidiFile(folder / "out.mid")


def notes_of(track: mido.MidiTrack) -> list[tuple[int, int, int, int]]:
    """Return start and end in ticks, note and velocity of each note."""
    now, sounding, notes = 0, {}, []
    for one in track:
        now += one.time
        if one.type == "note_on":
            assert one.note not in sounding, "struck again before it ended"
            sounding[one.note] = (now, one.velocity)
        elif one.type == "note_off":
            start, velocity = sounding.pop(one.note)
            notes.append((start, now, one.note, velocity))
    assert not sounding
    return sorted(notes)


def metas(track: mido.MidiTrack, kind: str) -> list[tuple[int, mido.MetaMessage]]:
    now, found = 0, []
    for one in track:
        now += one.time
        if one.type == kind:
            found.append((now, one))
    return found


def test_what_the_file_says_of_the_music(tmp_path: Path) -> None:
    file = written(tmp_path, score(PlayedNote(0, QUARTER, 60, 100), hits=(PlayedHit(0, 36, 90),)))
    first = file.tracks[0]
    assert metas(first, "set_tempo")[0][1].tempo == 500_000
    [(_, signature)] = metas(first, "time_signature")
    assert (signature.numerator, signature.denominator) == (4, 4)
    assert metas(first, "key_signature")[0][1].key == "F#m"
    assert [(at, one.text) for at, one in metas(first, "marker")] == [(0, "F#m7"), (4 * TICKS_PER_QUARTER, "D/F#")]
    assert [metas(track, "track_name")[0][1].name for track in file.tracks[1:]] == ["electric piano", "drums"]
    programs = [one for track in file.tracks for one in track if one.type == "program_change"]
    assert [(one.channel, one.program) for one in programs] == [(0, 4), (DRUM_CHANNEL, 0)]
    assert {sum(one.time for one in track) for track in file.tracks} == {8 * TICKS_PER_QUARTER}
    assert file.length == pytest.approx(4.0, abs=1e-6)


def test_late_and_early_notes_stay_so(tmp_path: Path) -> None:
    late = 240  # 5 ms
    told = score(
        PlayedNote(QUARTER + late, QUARTER // 2, 60, 80),
        PlayedNote(2 * QUARTER - late, QUARTER, 64, 33),
        hits=(PlayedHit(QUARTER + late, 38, 77),),
    )
    file = written(tmp_path, told)
    ticks = round(TICKS_PER_QUARTER * late / QUARTER)
    assert ticks > 0
    assert notes_of(file.tracks[1]) == [
        (960 + ticks, 960 + ticks + 480, 60, 80),
        (1920 - ticks, 2880 - ticks, 64, 33),
    ]
    assert [(start, midi, velocity) for start, _, midi, velocity in notes_of(file.tracks[2])] == [(960 + ticks, 38, 77)]


def test_the_end_cuts_notes_and_early_ones_begin_the_file(tmp_path: Path) -> None:
    told = score(
        PlayedNote(N - QUARTER, 3 * QUARTER, 60, 80),
        PlayedNote(N - 240, QUARTER + 240, 67, 90),
        hits=(PlayedHit(N - 100, 36, 120),),
    )
    file = written(tmp_path, told)
    end = 8 * TICKS_PER_QUARTER
    assert notes_of(file.tracks[1]) == [(0, 960, 67, 90), (end - 960, end, 60, 80)]
    assert [one[0] for one in notes_of(file.tracks[2])] == [0]


def test_a_pitch_struck_again_ends_first(tmp_path: Path) -> None:
    told = score(
        PlayedNote(0, 3 * QUARTER, 60, 80),
        PlayedNote(QUARTER, QUARTER, 60, 90),
        PlayedNote(QUARTER, 2 * QUARTER, 60, 70),
        PlayedNote(2 * QUARTER + QUARTER, QUARTER, 60, 60),
    )
    assert notes_of(written(tmp_path, told).tracks[1]) == [
        (0, 960, 60, 80),
        (960, 2880, 60, 90),
        (2880, 3840, 60, 60),
    ]


def test_odd_metres_count_in_quarters(tmp_path: Path) -> None:
    told = score(PlayedNote(0, 1000, 60, 80), metre=(7, 8), bars=2, key=None)
    file = written(tmp_path, told)
    assert file.length == pytest.approx(4.0, abs=1e-5)
    assert {sum(one.time for one in track) for track in file.tracks} == {7 * TICKS_PER_QUARTER}
    assert metas(file.tracks[0], "key_signature") == []


def test_players_keep_off_the_drums_channel(tmp_path: Path) -> None:
    parts = tuple(PlayedPart(f"part {n}", n, (PlayedNote(0, 100, 60, 80),)) for n in range(12))
    file = written(tmp_path, score(parts=parts))
    channels = [one.channel for track in file.tracks for one in track if one.type == "note_on"]
    assert channels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]


def test_another_rate_is_the_same_file(tmp_path: Path) -> None:
    told = score(PlayedNote(QUARTER, QUARTER, 60, 80), hits=(PlayedHit(BAR, 36, 90),))
    other = told.at_rate(44_100, round(N * 44_100 / 48_000))
    assert other.parts[0].notes[0].start == 22_050
    first, second = written(tmp_path, told), written(tmp_path, other)
    assert [list(track) for track in first.tracks] == [list(track) for track in second.tracks]


def test_other_names_and_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="mid"):
        write_midi(tmp_path / "out.wav", score())
    with pytest.raises(CannotWrite):
        write_midi(tmp_path / "no" / "out.mid", score())
    assert list(tmp_path.iterdir()) == []


def test_a_region_has_what_sounds_in_it(tmp_path: Path) -> None:
    region = LoopRegion(BAR // 2, BAR + BAR // 2)
    told = score(
        PlayedNote(0, BAR, 48, 80),  # held into the region
        PlayedNote(BAR // 2 - 240, QUARTER, 60, 90),  # a little early for its first beat
        PlayedNote(BAR // 2 - QUARTER, QUARTER + 240, 62, 90),  # all but over
        PlayedNote(BAR, BAR, 64, 70),  # beyond its end
        PlayedNote(BAR + BAR // 2 - 240, QUARTER, 67, 60),  # early for what follows
        PlayedNote(BAR + BAR // 2 - 240, 200, 69, 50),  # short, and over before the end
        PlayedNote(N - QUARTER, BAR, 71, 40),  # round the clip's end, into the region
        hits=(PlayedHit(0, 36, 90), PlayedHit(BAR // 2 - 100, 38, 80), PlayedHit(BAR, 42, 70), PlayedHit(N - 1, 46, 9)),
    )
    write_midi(tmp_path / "out.mid", told, region)
    file = mido.MidiFile(tmp_path / "out.mid")
    bar = 4 * TICKS_PER_QUARTER
    assert {sum(one.time for one in track) for track in file.tracks} == {bar}
    assert file.length == pytest.approx(2.0, abs=1e-6)
    assert notes_of(file.tracks[1]) == [
        (0, bar // 4 - 10, 60, 90),
        (0, bar // 4, 71, 40),
        (0, bar // 2, 48, 80),
        (bar // 2, bar, 64, 70),
        (bar - 10, bar - 2, 69, 50),
    ]
    assert [(start, midi) for start, _, midi, _ in notes_of(file.tracks[2])] == [(0, 38), (bar // 2, 42)]
    assert [(at, one.text) for at, one in metas(file.tracks[0], "marker")] == [(0, "F#m7"), (bar // 2, "D/F#")]


def test_the_whole_clip_as_a_region_is_the_whole_file(tmp_path: Path) -> None:
    told = score(PlayedNote(N - 240, QUARTER, 60, 80), PlayedNote(BAR, BAR + QUARTER, 64, 70))
    write_midi(tmp_path / "region.mid", told, LoopRegion(0, N))
    write_midi(tmp_path / "whole.mid", told)
    assert (tmp_path / "region.mid").read_bytes() == (tmp_path / "whole.mid").read_bytes()
