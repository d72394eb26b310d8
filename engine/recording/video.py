# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound file becomes a video of the same length to share: its waveform moves past, drawn here and encoded by ffmpeg.

Each frame is drawn onto a backdrop as rows of RGB, and piped to the program, which reads the sound from the file.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.errors import EmptyClip, NoFfmpeg, VideoFailed
from engine.library.atomic import replacing
from engine.library.soundfiles import MAX_CHANNELS, decoding, whole_parts
from engine.outside.environment import program_environment
from engine.values import ByteArray, FloatArray

PROGRAM: Final = "ffmpeg"
ENDING: Final = ".mp4"
FRAMES_PER_SECOND: Final = 30
SIZES: Final = {"1080p": (1920, 1080), "720p": (1280, 720), "square": (1080, 1080), "tall": (1080, 1920)}
"""Width and height in pixels of a video, by name."""
SHOWN_S: Final = 6.0
"""Seconds of the waveform that are seen at once, half of them before what is heard."""
BACKGROUND: Final = (16, 19, 18)
_PLAYED, _COMING, _LINE = (0, 255, 136), (112, 122, 118), (255, 255, 255)
_BAR_PX, _GAP_PX = 6, 2
_LEAST_PX = 2
_WAVE = 0.3
"""Largest height of the waveform above its middle, as a share of the picture's height."""
_MIDDLE = 0.55
_DONE_PX = 6
_VIDEO_ENCODERS = (
    ("libx264", ("-preset", "veryfast", "-crf", "20")),
    ("libopenh264", ("-b:v", "6M")),
    ("mpeg4", ("-q:v", "4")),
)
_AUDIO_ENCODERS = (("aac", ("-b:a", "256k")), ("libmp3lame", ("-b:a", "256k")), ("ac3", ("-b:a", "448k")))
_TAIL_BYTES = 2_000
_STEP_S = 0.1
"""Seconds between two cancel points while the program takes no frame, or has all and is not done."""
_END_WAIT_S = 5.0


@dataclass(frozen=True, eq=False, slots=True)
class Wave:
    """A wave is the outline of a sound: the highest sample of each ``step`` samples, float32, in [0, 1]."""

    peaks: FloatArray
    step: float
    n_samples: int
    sample_rate: int
    is_ogg: bool = False

    @property
    def n_frames(self) -> int:
        """Return how many frames of a video last as long: the last one may go beyond by less than a frame."""
        return max(1, math.ceil(self.n_samples * FRAMES_PER_SECOND / self.sample_rate))


def ffmpeg() -> str:
    """Return where the program is. Raises NoFfmpeg."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise NoFfmpeg
    return found


def plain_backdrop(size: tuple[int, int]) -> ByteArray:
    """Return a backdrop with nothing on it, ``(height, width, 3)``."""
    width, height = size
    backdrop: ByteArray = np.full((height, width, 3), BACKGROUND, dtype=np.uint8)
    return backdrop


def wave_of(path: str, width: int) -> Wave:
    """Return the outline of a sound file for a picture that is so many pixels wide.

    Raises FileMissing, CannotRead, NotAudio, DamagedSound, TooManyChannels, EmptyClip.
    """
    n_shown = max(1, width // _BAR_PX)
    with decoding(path, MAX_CHANNELS) as file:
        rate, is_ogg = file.samplerate, file.format == "OGG"
        step = SHOWN_S * rate / n_shown
        peaks: list[float] = []
        n_samples = 0
        for piece in whole_parts(file, path):
            levels = np.nan_to_num(np.abs(piece).max(axis=1), posinf=1.0)
            bars = ((n_samples + np.arange(len(levels))) / step).astype(np.int64)
            peaks.extend([0.0] * (int(bars[-1]) + 1 - len(peaks)))
            starts = np.flatnonzero(np.diff(bars, prepend=-1))
            for bar, peak in zip(bars[starts], np.maximum.reduceat(levels, starts), strict=True):
                peaks[bar] = max(peaks[bar], float(peak))
            n_samples += len(levels)
    if not n_samples:
        raise EmptyClip
    return Wave(np.minimum(np.array(peaks, dtype=np.float32), np.float32(1.0)), step, n_samples, rate, is_ogg)


class Painter:
    """A painter draws the frames of a video.

    Parameters
    ----------
    backdrop
        What lies behind, uint8, ``(height, width, 3)``.
    """

    def __init__(self, wave: Wave, backdrop: ByteArray) -> None:
        self._wave, self._backdrop = wave, backdrop
        height, self._width = backdrop.shape[:2]
        self._tallest = round(_WAVE * height)
        self._middle = round(_MIDDLE * height)
        self._rows = np.abs(np.arange(-self._tallest, self._tallest + 1))[:, None]
        self._frame = backdrop.copy()
        across = np.arange(self._width)
        played = (across < self._width // 2)[:, None]
        self._colours = np.where(played, np.array(_PLAYED), np.array(_COMING)).astype(np.uint8)
        self._loudest = max(float(wave.peaks.max()), 1e-3)

    def frame(self, number: int) -> ByteArray:
        """Return a frame, ``(height, width, 3)``, valid until the next call."""
        wave, frame, middle = self._wave, self._frame, self._middle
        np.copyto(frame, self._backdrop)
        heard = (number + 0.5) / FRAMES_PER_SECOND * wave.sample_rate
        # Which bar each column belongs to, and where in it the column is.
        place = (heard / wave.step) + (np.arange(self._width) - self._width / 2) / _BAR_PX
        bars = np.floor(place).astype(np.int64)
        is_bar = (bars >= 0) & (bars < len(wave.peaks)) & ((place - bars) * _BAR_PX < _BAR_PX - _GAP_PX)
        levels = wave.peaks[np.clip(bars, 0, len(wave.peaks) - 1)] / self._loudest
        heights = np.where(is_bar, np.maximum(_LEAST_PX, levels * self._tallest), -1).astype(np.int64)
        area = frame[middle - self._tallest : middle + self._tallest + 1]
        np.copyto(area, self._colours[None, :, :], where=(self._rows <= heights[None, :])[:, :, None])
        area[:, self._width // 2 - 1 : self._width // 2 + 1] = _LINE
        done = min(1.0, heard / wave.n_samples)
        frame[-_DONE_PX:, : round(done * self._width)] = _PLAYED
        return frame


def write_video(path: str, target: str, backdrop: ByteArray) -> Generator[float, None, Wave]:
    """Make a video of the sound file at ``path``, as long to the sample, at ``target``, which ends in .mp4.

    H.264 with AAC where the program has them. The file appears whole or not at all.

    Yields
    ------
    float
        Fraction done, in [0, 1]. Each yield is a cancel point, and comes though the program hangs.

    Returns
    -------
    Wave

    Raises
    ------
    NoFfmpeg, VideoFailed, CannotWrite
    FileMissing, CannotRead, NotAudio, DamagedSound, TooManyChannels, EmptyClip
    """
    program = ffmpeg()
    height, width = backdrop.shape[:2]
    wave = wave_of(path, width)
    encoders = yield from _encoders(program, target)
    exact_times = yield from _exact_times(program, wave)
    with replacing(target) as handle, tempfile.TemporaryFile() as words:
        command = [
            *(program, "-hide_banner", "-nostats", "-loglevel", "error", "-y"),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}"),
            *("-framerate", str(FRAMES_PER_SECOND), "-i", "pipe:0", "-i", _as_file(path)),
            *("-map", "0:v", "-map", "1:a", "-map_metadata", "1:s:0" if wave.is_ogg else "1", "-map_chapters", "1"),
            *exact_times,
            *(*encoders, "-pix_fmt", "yuv420p", "-movflags", "+faststart+use_metadata_tags"),
            *("-f", "mp4", _as_file(handle.name)),
        ]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words, env=program_environment()
        )
        try:
            yield from _piped(process, wave, backdrop)
            code = yield from _ended(process, 1.0)
        finally:
            _end(process)
        if code:
            words.seek(max(0, words.seek(0, 2) - _TAIL_BYTES))
            lines = words.read().decode("utf-8", "replace").strip().splitlines()
            # What becomes the video has another name, of which a person knows nothing.
            said = (lines or [f"ffmpeg ended with {code}"])[-1].rstrip(".").replace(_as_file(handle.name), target)
            raise VideoFailed(path=target, detail=said)
        if not _has_content(handle.name):
            raise VideoFailed(path=target, detail="ffmpeg ended and wrote nothing")
    return wave


def _piped(process: subprocess.Popen[bytes], wave: Wave, backdrop: ByteArray) -> Generator[float, None, None]:
    painter, pipe = Painter(wave, backdrop), process.stdin
    assert pipe is not None
    os.set_blocking(pipe.fileno(), False)
    room = select.poll()
    room.register(pipe, select.POLLOUT)
    # A program that ended says itself why.
    with contextlib.suppress(BrokenPipeError):
        for number in range(wave.n_frames):
            rest = painter.frame(number).reshape(-1).data
            while rest and process.poll() is None:
                if room.poll(1000.0 * _STEP_S):
                    rest = rest[os.write(pipe.fileno(), rest) :]
                else:
                    yield number / wave.n_frames
            yield (number + 1) / wave.n_frames
    pipe.close()


def _ended(process: subprocess.Popen[bytes], done: float) -> Generator[float, None, int]:
    """Wait for the program's end, and return its exit code."""
    while True:
        try:
            return process.wait(_STEP_S)
        except subprocess.TimeoutExpired:
            yield done


def _has_content(path: str) -> bool:
    try:
        return Path(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program, if it still runs."""
    if process.poll() is None:
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    process.wait(_END_WAIT_S)


def _encoders(program: str, target: str) -> Generator[float, None, list[str]]:
    """Return the options for the best encoders that the program has. Raises VideoFailed for one that has none."""
    told = yield from _told(program, "-encoders")
    names = {words[1] for words in map(str.split, told) if len(words) > 1}
    options: list[str] = []
    for flag, choices in (("-c:v", _VIDEO_ENCODERS), ("-c:a", _AUDIO_ENCODERS)):
        found: tuple[str, tuple[str, ...]] | None = next((one for one in choices if one[0] in names), None)
        if found is None:
            raise VideoFailed(path=target, detail=f"this ffmpeg has none of {', '.join(name for name, _ in choices)}")
        options += [flag, found[0], *found[1]]
    return options


def _exact_times(program: str, wave: Wave) -> Generator[float, None, tuple[str, ...]]:
    """Return the options by which the file tells its length in samples, not in milliseconds, where there are such."""
    option = "movie_timescale"
    told = yield from _told(program, "-h", "muxer=mp4")
    return (f"-{option}", str(wave.sample_rate)) if any(option in line for line in told) else ()


def _told(program: str, *options: str) -> Generator[float, None, list[str]]:
    """Return what the program tells of itself, by lines."""
    words = [program, "-hide_banner", *options]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.DEVNULL, env=program_environment()
        )
        try:
            yield from _ended(process, 0.0)
        finally:
            _end(process)
        told.seek(0)
        return told.read().decode("utf-8", "replace").splitlines()


def _as_file(path: str) -> str:
    """Return a path that the program takes for a file, whatever its name is."""
    return f"file:{Path(path).absolute()}"
