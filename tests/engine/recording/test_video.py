# SPDX-License-Identifier: GPL-3.0-or-later
"""A video of a sound is as long as it, shows its waveform where it is heard, and appears whole or not at all."""

from __future__ import annotations

import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from engine.errors import CannotWrite, EmptyClip, NoFfmpeg, NotAudio, VideoFailed
from engine.library.audiofile import writing_audio
from engine.library.carried import COMMENT, said_of_mix
from engine.recording.chapters import chapters
from engine.recording.opus import writing_opus
from engine.recording.video import FRAMES_PER_SECOND, Painter, plain_backdrop, wave_of, write_video
from engine.values import ByteArray, FloatArray, Lead, MixKind, MixRecipe
from tests.engine.library.making import recipe

RATE = 44_100
SIZE = (320, 180)
N_SAMPLES = RATE + 12_345


def music() -> FloatArray:
    """Return noise, loud in its second half."""
    made: FloatArray = np.random.default_rng(3).uniform(-0.1, 0.1, (N_SAMPLES, 2)).astype(np.float32)
    made[N_SAMPLES // 2 :] *= 9.0
    return made


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "a jam: “one”.flac"
    leads = (Lead(0, recipe("one"), "drums"), Lead(RATE // 2, recipe("two"), "bass"))
    said = said_of_mix(MixRecipe(MixKind.JAM, RATE, N_SAMPLES, leads)).with_texts(**chapters(leads, RATE))
    with writing_audio(path, RATE, 2, metadata=said) as out:
        out.write(music())
    return path


def probed(path: Path) -> dict[str, dict[str, Any]]:
    words = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-show_chapters", "-of", "json", str(path)]
    told = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    return {one["codec_type"]: one for one in told["streams"]} | {"file": told["format"], "chapters": told["chapters"]}


def seen(path: Path) -> ByteArray:
    """Return the frames of a video."""
    words = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    frames: ByteArray = np.frombuffer(subprocess.run(words, capture_output=True, check=True).stdout, dtype=np.uint8)
    return frames.reshape(-1, SIZE[1], SIZE[0], 3)


def test_it_is_as_long_as_the_sound_and_shows_it(sound: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    done = list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    n_frames = math.ceil(N_SAMPLES * FRAMES_PER_SECOND / RATE)
    assert done == sorted(done)
    assert {0.0, *done} == {number / n_frames for number in range(n_frames + 1)}
    told = probed(target)
    assert (told["video"]["codec_name"], told["audio"]["codec_name"]) == ("h264", "aac")
    assert (told["video"]["width"], told["video"]["height"], told["video"]["nb_frames"]) == (*SIZE, str(n_frames))
    assert (told["audio"]["duration_ts"], told["audio"]["time_base"]) == (N_SAMPLES, f"1/{RATE}")
    assert COMMENT in told["file"]["tags"]
    assert len(told["chapters"]) == 2
    frames = seen(target)
    assert len(frames) == n_frames
    middle = SIZE[0] // 2
    bright = frames.max(axis=3)[..., middle + 3 : middle + 12] > 90
    heights = bright[:, :-10].any(axis=2).sum(axis=1)
    assert heights[0] < 0.3 * heights[n_frames // 2], "what comes is taller where it is louder"
    assert [one.name for one in tmp_path.iterdir()] == ["out.mp4"]
    words = ["ffmpeg", "-v", "error", "-i", str(target), "-f", "f32le", "-"]
    heard = np.frombuffer(subprocess.run(words, capture_output=True, check=True).stdout, np.float32).reshape(-1, 2)
    loud = np.abs(heard[:N_SAMPLES]).max(axis=1) > 0.5
    assert int(np.argmax(loud)) == pytest.approx(N_SAMPLES // 2, abs=64), "in step with the picture"


def test_an_opus_recording_becomes_one_too(tmp_path: Path) -> None:
    path, target = tmp_path / "jam.opus", tmp_path / "out.mp4"
    with writing_opus(path, RATE, 2) as out:
        out.write(music())
        out.metadata = said_of_mix(MixRecipe(MixKind.JAM, 48_000, 100, (Lead(0, recipe("one"), "drums"),)))
    for _ in write_video(str(path), str(target), plain_backdrop(SIZE)):
        pass
    told = probed(target)
    assert told["audio"]["duration_ts"] == soundfile.info(path).frames
    assert COMMENT in told["file"]["tags"]


def test_the_frames_are_drawn_by_the_sound(sound: Path) -> None:
    wave = wave_of(str(sound), SIZE[0])
    assert (wave.n_samples, wave.sample_rate) == (N_SAMPLES, RATE)
    painter = Painter(wave, plain_backdrop(SIZE))
    first = painter.frame(0).copy()
    last = painter.frame(wave.n_frames - 1).copy()
    middle, mid_row = SIZE[0] // 2, round(0.55 * SIZE[1])
    ground = plain_backdrop(SIZE)[0, 0]
    assert (first[mid_row, : middle - 10] == ground).all(), "nothing was heard yet"
    assert (last[mid_row, middle + 10 :] == ground).all(), "nothing comes any more"
    assert (first[mid_row, middle + 5 : middle + 30] != ground).any()
    assert (first[-1] == ground).all(axis=1).mean() > 0.9
    assert (last[-1] != ground).any(axis=1).mean() > 0.9, "the line below says how much is over"


def test_what_goes_wrong_is_told_and_leaves_nothing(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.mp4"
    (tmp_path / "text.flac").write_text("no sound")
    with pytest.raises(NotAudio):
        next(write_video(str(tmp_path / "text.flac"), str(target), plain_backdrop(SIZE)))
    soundfile.write(tmp_path / "empty.wav", np.zeros((0, 2)), RATE)
    with pytest.raises(EmptyClip):
        next(write_video(str(tmp_path / "empty.wav"), str(target), plain_backdrop(SIZE)))
    with pytest.raises(CannotWrite):
        list(write_video(str(sound), str(tmp_path / "none" / "out.mp4"), plain_backdrop(SIZE)))
    making = write_video(str(sound), str(target), plain_backdrop(SIZE))
    next(one for one in making if one)
    making.close()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(NoFfmpeg):
        next(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho " V libx264 A aac"\necho " V libx264"; echo " A aac"\n')
    program.chmod(0o755)
    program.write_text(
        program.read_text() + 'case "$*" in *encoders*|*muxer*) ;; *) echo "it broke." >&2; exit 3;; esac\n'
    )
    with pytest.raises(VideoFailed, match="could not be made: it broke\\."):
        list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    has = 'echo " V libx264"; echo " A aac"; case "$*" in *encoders*|*muxer*) exit 0;; esac'
    program.write_text(f'#!/bin/sh\n{has}\necho "it broke." >&2\nexit 3\n')
    program.chmod(0o755)
    with pytest.raises(VideoFailed, match="could not be made: it broke\\."):
        list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    program.write_text(f'#!/bin/sh\n{has}\nfor one; do file=$one; done\necho "$file: No space left" >&2\nexit 1\n')
    with pytest.raises(VideoFailed, match=rf"could not be made: {target}: No space left\."):
        list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    for deed in ("exit 0", 'for one; do file=${one#file:}; done; rm "$file"', "kill -9 $$"):
        program.write_text(f"#!/bin/sh\n{has}\nPATH=/usr/bin:/bin\n{deed}\n")
        with pytest.raises(VideoFailed, match=r"could not be made: ffmpeg ended (and wrote nothing|with -9)\."):
            list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    program.write_text("#!/bin/sh\n")
    with pytest.raises(VideoFailed, match="none of libx264"):
        list(write_video(str(sound), str(target), plain_backdrop(SIZE)))
    assert not target.exists()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize(("takes", "done"), [("", 0.0), ("cat >/dev/null;", 1.0)], ids=["takes nothing", "takes all"])
def test_a_program_that_hangs_is_ended_with_the_video(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: str, done: float
) -> None:
    target, program = tmp_path / "out.mp4", tmp_path / "ffmpeg"
    has = 'echo " V libx264"; echo " A aac"; case "$*" in *encoders*|*muxer*) exit 0;; esac'
    program.write_text(f'#!/bin/sh\n{has}\nPATH=/usr/bin:/bin\necho $$ > "$0.pid"\n{takes} exec sleep 1000\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    making = write_video(str(sound), str(target), plain_backdrop(SIZE))
    pid = tmp_path / "ffmpeg.pid"
    while not (pid.exists() and pid.read_text()):
        next(making)
    for _ in range(math.ceil(N_SAMPLES * FRAMES_PER_SECOND / RATE) + 1):
        last = next(making)
    assert last == done
    making.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not target.exists()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]
