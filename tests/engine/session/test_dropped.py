# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds that are dropped come in on the beat, one after the other, and what is made then goes on from the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from mutagen.flac import FLAC

from engine.session.dropped import DroppedState
from engine.session.sound_reader import SILENCE_S
from engine.values import FAVOURITE, Entry, Mark, Take
from engine.worker.sound_reading import ListSounds, ReadSound, StopReading
from tests.engine.session.bringing import OPTIONS, Bringing, write_beat

LONG_ENOUGH = 60
"""Turns of a loop of two bars after which every loop has played its time."""


@pytest.fixture
def bringing() -> Iterator[Bringing]:
    one = Bringing()
    one.open_library()
    yield one
    one.session.close()


@pytest.fixture
def beats(tmp_path: Path) -> list[str]:
    """Return the names of four sounds."""
    return [write_beat(tmp_path / f"beat {n}.wav", 120.0 + 30.0 * n) for n in range(4)]


def test_a_dropped_sound_begins_the_music_and_what_is_made_goes_on_from_it(
    bringing: Bringing, beats: list[str]
) -> None:
    bringing.drop(beats[1])
    assert bringing.states[-1].progress is not None, "something is seen to happen at once"
    bringing.read_all()
    session = bringing.session
    assert session.running.is_on
    assert bringing.playing == "beat 1"
    (asked,) = bringing.asked
    assert asked.request.bpm == pytest.approx(bringing.tempo_bpm, abs=0.01)
    assert bringing.states[-1] == DroppedState()
    state = session.transport
    assert bringing.stored == [], "it is not kept unless that is asked for"
    state.favourite(True)
    bringing.settle()
    (stored,) = bringing.stored
    assert stored.metadata is not None
    (take,) = session.takes.takes
    assert take.rating == FAVOURITE
    assert take.recipe.title == "beat 1"


def test_while_music_runs_it_comes_in_at_the_next_bar(bringing: Bringing, beats: list[str]) -> None:
    session = bringing.session
    bringing.drop(beats[0])
    bringing.read_all()
    session.transport.hold(True)
    session.transport.pause(True)
    bringing.drop(beats[1])
    bringing.read_all()
    assert session.up_next.asked is Entry.NEXT_BAR
    assert bringing.ready == ["beat 1"]
    assert not session.running.is_paused
    bringing.hear(0)
    assert bringing.playing == "beat 1", "what the person brings comes in though the loop is held"


def test_the_others_wait_their_turn_in_the_order_dropped(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(*beats)
    bringing.read_one()
    assert bringing.states[-1].n_waiting == 3
    bringing.read_one()
    assert (bringing.playing, bringing.states[-1].n_waiting) == ("beat 0", 3)
    assert bringing.asked == [], "nothing is made while sounds wait"
    heard = ["beat 0"]
    for n_left in (2, 1, 0):
        bringing.read_all()
        assert len(bringing.ready) == 1, "one is read ahead, and no more"
        bringing.hear(0)
        assert bringing.playing == heard[-1], "each plays its time"
        assert bringing.asked == [] or n_left == 0
        bringing.hear(LONG_ENOUGH)
        heard.append(bringing.playing)
        assert bringing.states[-1].n_waiting == n_left
    assert heard == ["beat 0", "beat 1", "beat 2", "beat 3"]
    assert bringing.asked[-1].request.bpm == pytest.approx(bringing.tempo_bpm, abs=0.01)


def test_a_second_drop_goes_before_what_waits(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(*beats[:3])
    bringing.read_all()
    assert bringing.ready == ["beat 1"]
    bringing.drop(beats[3])
    bringing.read_all()
    assert bringing.ready == ["beat 3", "beat 1"]
    assert bringing.session.up_next.asked is Entry.NEXT_BAR
    assert bringing.states[-1].n_waiting == 2


def test_what_waits_can_be_called_off(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(*beats)
    bringing.read_all()
    assert bringing.ready == ["beat 1"]
    bringing.hear(LONG_ENOUGH)
    assert bringing.playing == "beat 1"
    (reading,) = bringing.waiting
    bringing.session.dropped.call_off()
    assert bringing.sounds.sent[-1] == StopReading(reading.job_id)
    assert bringing.states[-1].n_waiting == 0
    tempo_bpm = pytest.approx(bringing.tempo_bpm, abs=0.01)
    assert bringing.asked[-1].request.bpm == tempo_bpm, "the studio goes on from what plays"
    # It was read to its end all the same.
    bringing.read_all()
    assert bringing.ready == []
    assert bringing.playing == "beat 1"


def test_another_prompt_calls_them_off(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(*beats)
    bringing.read_all()
    bringing.hear(LONG_ENOUGH)
    bringing.session.set_options(replace(OPTIONS, prompt="slow jazz"))
    bringing.read_all()
    assert bringing.ready == []
    assert bringing.states[-1].n_waiting == 0
    assert (bringing.asked[-1].request.prompt, bringing.asked[-1].request.bpm) == ("slow jazz", None)


def test_the_end_of_the_music_calls_them_off(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(*beats)
    bringing.read_all()
    bringing.hear(LONG_ENOUGH)
    bringing.session.stop()
    bringing.read_all()
    assert not bringing.session.running.is_on
    assert bringing.states[-1].n_waiting == 0
    assert bringing.asked == []


def test_what_is_no_sound_is_told_and_the_others_go_on(bringing: Bringing, beats: list[str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no sound")
    (tmp_path / "empty").mkdir()
    silent = tmp_path / "cut.wav"
    silent.write_bytes(Path(beats[0]).read_bytes()[:60])
    bringing.drop(str(tmp_path / "notes.txt"), beats[0], str(tmp_path / "empty"), str(tmp_path / "gone.wav"))
    bringing.read_all()
    (told,) = bringing.refused
    assert (told.n_refused, told.n_dropped) == (3, 4)
    assert "gone.wav" in str(told.error)
    assert bringing.playing == "beat 0"
    bringing.drop(str(silent))
    bringing.read_all()
    assert bringing.refused[-1].n_refused == 1
    assert bringing.playing == "beat 0"
    assert bringing.asked, "what is made was not held up for ever"


def test_a_folder_is_played_through_in_natural_order(bringing: Bringing, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "B side").mkdir(parents=True)
    for name in ("10 last.wav", "2 second.WAV", "B side/1 other.wav"):
        write_beat(folder / name)
    (folder / "cover.png").write_bytes(b"no sound, and nothing is said of it")
    bringing.drop(str(folder))
    bringing.read_one()
    asked = [one for one in bringing.waiting if isinstance(one, ReadSound)]
    assert [Path(one.path).name for one in asked] == ["2 second.WAV"]
    bringing.read_all()
    assert (bringing.playing, bringing.ready) == ("2 second", ["10 last"])
    assert bringing.refused == []


def test_all_are_kept_if_that_is_set_with_tags_and_cover(beats: list[str], tmp_path: Path) -> None:
    path = tmp_path / "tagged.flac"
    samples, rate = soundfile.read(beats[0])
    soundfile.write(path, samples, rate)
    file = FLAC(path)
    file["title"], file["artist"] = "Name of mine", "Me"
    file.save()
    bringing = Bringing(options=replace(OPTIONS, keep_dropped=True))
    bringing.open_library()
    bringing.drop(str(path))
    bringing.read_all()
    (stored,) = bringing.stored
    assert (stored.recipe.title, stored.recipe.artist, stored.recipe.generator) == ("Name of mine", "Me", "file")
    assert stored.metadata is not None
    assert stored.metadata.texts["TITLE"] == ("Name of mine",)
    bringing.session.close()


def test_a_sound_that_is_there_plays_as_the_take_that_it_is(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(beats[0])
    bringing.read_all()
    now = bringing.session.presenter.now_playing
    assert now is not None
    recipe = replace(now.playing.recipe, title="Renamed since")
    take = Take("t9", recipe, "/library/t9.flac", FAVOURITE, frozenset({Mark.ADDED}))
    bringing.known[recipe.duration_s] = take
    bringing.drop(beats[0])
    bringing.read_all()
    bringing.hear(0)
    assert bringing.playing == "Renamed since"
    assert bringing.session.takes.take_id(now.playing.loop_id) == "t9"
    assert bringing.stored == []


def test_a_process_that_says_nothing_is_given_up(bringing: Bringing, beats: list[str]) -> None:
    bringing.drop(beats[0])
    assert isinstance(bringing.waiting[0], ListSounds)
    with pytest.raises(AssertionError) as given_up:
        bringing.clock.pass_s(SILENCE_S + 1.0)
    (error,) = given_up.value.args
    assert str(error) == "The sounds process did not answer within 120 s and was started again."
    bringing.sounds.died.emit(error)
    assert bringing.states[-1].progress is None
