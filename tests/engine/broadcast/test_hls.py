# SPDX-License-Identifier: GPL-3.0-or-later
"""HLS: what players hear is what was fed, across restarts, killed writers and disks that cannot be written."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.broadcast.hls import KEPT_S, HlsFolder
from engine.broadcast.playlist import PLAYLIST, is_of_stream
from engine.values import FloatArray
from tests.engine.broadcast.playing_hls import PIECE, Clock, Listed, feed, heard, listed, sweep
from tests.engine.broadcast.streams import RATE, tone
from tests.engine.library.making import files_limited_to

CODEC_DELAY = 1024
"""Samples that libav's encoder of AAC puts before the first one that it is fed."""
ROOT = Path(__file__).parents[3]


def written(folder: Path, sound: FloatArray, *, wall_s: Callable[[], float] | None = None) -> list[Listed]:
    """Return what the playlist names once a run has written a sound."""
    hls = HlsFolder(folder, RATE, wall_s=wall_s or Clock())
    feed(hls, sound)
    hls.close()
    assert hls.trouble == ""
    return listed(folder)


def until(condition: Callable[[], bool]) -> None:
    give_up_s = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < give_up_s
        time.sleep(0.01)


def test_what_is_heard_is_what_was_fed_sample_by_sample(tmp_path: Path) -> None:
    sound = sweep(38.0)

    segments = written(tmp_path, sound)

    found = heard(tmp_path, segments)
    n_whole = sum(one.seconds is not None for one in segments)
    assert n_whole == 9
    assert len(found) == n_whole * 4 * 44 * 1024
    assert sum(one.seconds or 0.0 for one in segments) == pytest.approx(len(found) / RATE, abs=1e-3)
    # The encoder of AAC finds its way within the first second.
    told, fed = found[CODEC_DELAY + RATE :], sound[RATE : len(found) - CODEC_DELAY]
    off = (told - fed).reshape(-1, 2)
    blocks = [np.sqrt(np.mean(off[at : at + 4410] ** 2)) for at in range(0, len(off) - 4410, 4410)]
    assert max(blocks) < 0.1 * 0.3 / np.sqrt(2), "20 dB below the sound, in every tenth of a second"


def test_moments_are_told_by_the_clock(tmp_path: Path) -> None:
    clock = Clock(1.8e9)
    segments = written(tmp_path, sweep(20.0), wall_s=clock)
    # The first piece came, whole, at the clock's first tick.
    assert segments[0].begins_s == pytest.approx(1.8e9 - CODEC_DELAY / RATE, abs=2e-3)
    hops = [later.begins_s - one.begins_s for one, later in pairwise(segments)]
    assert hops == pytest.approx([4 * 44 * 1024 / RATE] * len(hops), abs=2e-3)


def test_a_clock_that_comes_apart_from_the_stream_is_followed(tmp_path: Path) -> None:
    hls = HlsFolder(tmp_path, RATE, wall_s=(clock := Clock(1.8e9)))
    feed(hls, sweep(5.0))
    clock.now_s += 7.0
    feed(hls, sweep(10.0), begin=5 * RATE)
    hls.close()
    text = (tmp_path / PLAYLIST).read_text()
    last = text.rpartition("#EXT-X-PROGRAM-DATE-TIME:")[2].splitlines()[0]
    length_s = 3 * 4 * 44 * 1024 / RATE
    assert text.count("#EXTINF") == 3
    assert last.startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1.8e9 + length_s + 7.0)))


# --- runs that follow one another -------------------------------------------------------------------------------------


def test_a_restart_goes_on_with_its_numbers_and_what_there_is(tmp_path: Path) -> None:
    clock = Clock()
    before = written(tmp_path, sweep(10.6), wall_s=clock)
    contents = {one.name: tmp_path.joinpath(one.name).read_bytes() for one in before[:2]}
    unfinished = b"".join(tmp_path.joinpath(name).read_bytes() for name, _length in before[2].parts)
    assert (before[2].seconds, len(before[2].parts)) == (None, 2)

    after = written(tmp_path, sweep(10.0), wall_s=clock)

    assert [one.number for one in after] == [before[0].number + at for at in range(6)]
    assert [one.breaks for one in after] == [True, False, False, True, False, False]
    assert {name: tmp_path.joinpath(name).read_bytes() for name in contents} == contents
    assert tmp_path.joinpath(after[2].name).read_bytes() == unfinished, "what had begun is heard to its end"
    assert after[2].head == before[0].head != after[3].head
    assert len(heard(tmp_path, after[3:])) == 2 * 4 * 44 * 1024


def test_what_is_old_is_offered_no_more_and_its_number_is_used_no_more(tmp_path: Path) -> None:
    before = written(tmp_path, sweep(10.6))
    after = written(tmp_path, sweep(6.0), wall_s=Clock(time.time() + 3600.0))
    assert after[0].number == before[-1].number + 1
    assert after[0].breaks
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in (tmp_path / PLAYLIST).read_text()


@pytest.mark.parametrize("gone", ["head", "segment", "part"])
def test_what_is_not_there_any_more_is_offered_no_more(tmp_path: Path, gone: str) -> None:
    clock = Clock()
    before = written(tmp_path, sweep(10.6), wall_s=clock)
    names = {"head": before[0].head, "segment": before[0].name, "part": before[2].parts[0][0]}
    (tmp_path / names[gone]).unlink()
    after = written(tmp_path, sweep(6.0), wall_s=clock)
    assert [one.number for one in after] == [before[-1].number + 1, before[-1].number + 2]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe rubbish", b"#EXTM3U\n#EXT-X-VERSION:6\n"])
def test_numbers_go_up_even_after_a_playlist_that_says_nothing(tmp_path: Path, content: bytes) -> None:
    before = written(tmp_path, sweep(6.0))
    (tmp_path / PLAYLIST).write_bytes(content)
    after = written(tmp_path, sweep(6.0), wall_s=Clock(time.time() + 10.0))
    assert after[0].number > before[-1].number
    assert before[0].head != after[0].head, "no name is used twice"


def test_a_gap_in_what_it_is_fed_is_a_break(tmp_path: Path) -> None:
    hls = HlsFolder(tmp_path, RATE, wall_s=Clock())
    feed(hls, sweep(6.0))
    feed(hls, sweep(6.0), begin=60 * RATE)
    hls.close()
    found = listed(tmp_path)
    assert [one.breaks for one in found] == [True, False, True, False]
    assert [one.number - found[0].number for one in found] == [0, 1, 2, 3]


def test_a_disk_that_is_too_slow_loses_pieces_and_the_stream_never_waits(
    tmp_path: Path, expected_logs: list[str]
) -> None:
    expected_logs.append("the disk is too slow, or hangs")
    os.mkfifo(tmp_path / PLAYLIST)
    hls = HlsFolder(tmp_path, RATE, wall_s=Clock())
    piece = tone(0.25)
    # Whoever opens a pipe waits for its other end: so a disk that hangs.
    for number in range(200):
        hls.feed((number + 1) * PIECE, piece)
    assert hls.trouble == "the disk is too slow"
    with (tmp_path / PLAYLIST).open("wb"):
        (tmp_path / PLAYLIST).unlink()
    until(hls._waiting.empty)
    feed(hls, sweep(6.0), begin=200 * PIECE)
    hls.close()
    assert hls.trouble == ""
    assert [one.breaks for one in listed(tmp_path)][-2:] == [True, False]


def test_a_writer_that_is_killed_leaves_a_whole_playlist_whenever(tmp_path: Path) -> None:
    contents: dict[str, bytes] = {}
    last = 0
    for kill in range(6):
        words = [sys.executable, "-m", "tests.engine.broadcast.hls_feeding", str(tmp_path)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.05 + 0.037 * kill)
            writer.send_signal(signal.SIGKILL)
        found = listed(tmp_path)
        assert found[-1].number >= last
        last = found[-1].number
        for name in {name for one in found for name in (one.name, one.head, *dict(one.parts)) if name}:
            content = (tmp_path / name).read_bytes()
            assert contents.setdefault(name, content) == content, "what a cache has is still so"
    assert len({name.partition("-")[0].removesuffix(".mp4") for name in contents}) == 6


# --- the disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> list[str]:
    return ["HLS is not written"] if "trouble" in request.node.name else []


@pytest.mark.parametrize("kind", ["full", "no folder"])
def test_trouble_with_the_disk_is_told_once_and_it_is_tried_again(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder = tmp_path / "hls"
    hls = HlsFolder(folder, RATE, wall_s=Clock(), again_s=0.05)
    feed(hls, sweep(6.0))
    until(lambda: hls._waiting.empty() and (folder / PLAYLIST).exists())
    if kind == "full":
        with files_limited_to(1000):
            feed(hls, sweep(30.0), begin=6 * RATE)
            until(hls._waiting.empty)
            time.sleep(0.2)
            feed(hls, sweep(2.0), begin=36 * RATE)
            until(hls._waiting.empty)
            assert hls.trouble == "File too large"
        before = listed(folder)
    else:
        folder.rename(tmp_path / "away")
        folder.write_text("a file")
        feed(hls, sweep(5.0), begin=6 * RATE)
        until(lambda: hls.trouble != "")
        folder.unlink()
        (tmp_path / "away").rename(folder)
        before = listed(folder)
    time.sleep(0.1)
    feed(hls, sweep(6.0), begin=100 * RATE)
    hls.close()

    after = listed(folder)
    assert hls.trouble == ""
    assert after[-2].breaks
    assert after[-2].number == before[-1].number + 1
    assert [one.getMessage().partition(",")[0] for one in caplog.records if "HLS" in one.getMessage()] == [
        "HLS is not written", "HLS is written again",
    ]  # fmt: skip


def test_a_link_in_its_folder_leads_it_to_nothing_else(tmp_path: Path) -> None:
    folder, other = tmp_path / "hls", tmp_path / "other"
    folder.mkdir()
    other.write_text("of somebody else", encoding="utf-8")
    hls = HlsFolder(folder, RATE, wall_s=Clock())
    feed(hls, sweep(6.0))
    until(lambda: hls._waiting.empty() and (folder / PLAYLIST).exists())
    (folder / PLAYLIST).unlink()
    (folder / PLAYLIST).symlink_to(other)
    feed(hls, sweep(6.0), begin=6 * RATE)
    hls.close()
    assert other.read_text(encoding="utf-8") == "of somebody else"
    assert not (folder / PLAYLIST).is_symlink()
    # What an earlier run left, the next one joins to what is offered to all.
    begun = listed(folder)[-1]
    assert begun.seconds is None
    (folder / begun.parts[0][0]).unlink()
    (folder / begun.parts[0][0]).symlink_to(other)
    assert written(folder, sweep(6.0))
    assert other.read_text(encoding="utf-8") == "of somebody else"
    assert all(b"of somebody else" not in one.read_bytes() for one in folder.iterdir() if not one.is_symlink())


def test_the_disk_is_bounded_and_nothing_goes_that_may_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "mine.m4s").write_bytes(b"no part of the stream")
    (tmp_path / "1234567890a-7.m4s").write_bytes(b"of a run long ago")
    os.utime(tmp_path / "1234567890a-7.m4s", (1.0, 1.0))
    clock = Clock(time.time() - 60.0)
    hls = HlsFolder(tmp_path, RATE, wall_s=clock)
    feed(hls, tone(100.0))
    until(hls._waiting.empty)
    names = {one.name for one in tmp_path.iterdir()}
    assert "1234567890a-7.m4s" not in names
    n_files = 97 + 24 + 1
    assert n_files <= sum(map(is_of_stream, names)) <= n_files + 3, "none is as old as that by the clock"

    feed(hls, tone(KEPT_S), begin=100 * RATE)
    hls.close()

    left = {one.name for one in tmp_path.iterdir()}
    named = {name for one in listed(tmp_path) for name in (one.name, one.head, *dict(one.parts)) if name}
    assert named | {PLAYLIST, "mine.m4s"} <= left
    n_segment = 1 + 4
    assert len(left - named) <= 2 + n_segment, "by the clock all others are old; a segment's are removed with the next"
