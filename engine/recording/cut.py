# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a recording is read, or written as a file of its own: lossless, but for a moment's fade where it is cut."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from engine.errors import EmptyClip
from engine.library.audiofile import writing_audio
from engine.library.carried import carried_by, said_of_mix
from engine.library.metadata import Metadata
from engine.library.soundfiles import Decoder, decoding, whole_parts
from engine.recording.chapters import chapters
from engine.recording.opus import ENDING, writing_opus
from engine.recording.opus_pages import OPUS_RATE
from engine.units import ms_to_samples
from engine.values import Clip, FloatArray, MixKind, MixRecipe, leads_within
from engine.values.mixes import at_rate

FADE_MS = 2.0
"""Milliseconds of the fade where music is cut; where the recording itself begins or ends there is none."""


def write_part(path: str, target: str, first: int, end: int | None, *, sample_rate: int) -> Generator[None, None, None]:
    """Write a part of a recording; the target's ending (.flac, .wav, .ogg, .opus) chooses the format.

    It yields now and then; closed before it ends, it leaves nothing.

    Parameters
    ----------
    first, end
        Frames at ``sample_rate`` (Hz), half open; None is to the end.

    Raises
    ------
    FileMissing, CannotRead, NotAudio, DamagedSound, TooManyChannels, EmptyClip
    UnknownFormat, CannotWrite
    """
    with decoding(path, 2) as file:
        rate, n_channels = file.samplerate, file.channels
        first, end = _in_file(first, end, file, sample_rate)
        said = _said(path, first, end, file, is_opus=target.lower().endswith(ENDING))
        if target.lower().endswith(ENDING):
            with writing_opus(target, rate, n_channels) as small:
                small.metadata = said
                for piece in _pieces(file, path, first, end):
                    small.write(piece)
                    yield
            return
        with writing_audio(target, rate, n_channels, n_samples=end - first, metadata=said) as out:
            for piece in _pieces(file, path, first, end):
                out.write(piece)
                yield


def read_part(path: str, first: int, end: int | None, *, sample_rate: int) -> Clip:
    """Return a part of a recording, at the file's own rate, that begins and ends in silence. Raises as ``write_part``.

    Parameters
    ----------
    first, end
        As for ``write_part``.
    """
    with decoding(path, 2) as file:
        first, end = _in_file(first, end, file, sample_rate)
        samples = np.concatenate(list(_pieces(file, path, first, end)))
        n_fade = min(len(samples) // 2, ms_to_samples(FADE_MS, file.samplerate))
        fade = _rising(n_fade)
        samples[:n_fade] *= fade
        samples[len(samples) - n_fade :] *= fade[::-1]
        return Clip(samples, file.samplerate)


def _in_file(first: int, end: int | None, file: Decoder, sample_rate: int) -> tuple[int, int]:
    """Return the part in samples of the file, all of it within. Raises EmptyClip."""
    own = [None if one is None else round(one * file.samplerate / sample_rate) for one in (first, end)]
    begins, ends = own[0] or 0, file.frames if own[1] is None else min(own[1], file.frames)
    if not 0 <= begins < ends:
        raise EmptyClip
    return begins, ends


def _pieces(file: Decoder, path: str, first: int, end: int) -> Iterator[FloatArray]:
    """Yield the part's samples, with a fade at each end at which music is cut."""
    n_fade = min(ms_to_samples(FADE_MS, file.samplerate), (end - first) // 2)
    fade = _rising(n_fade)
    is_begun, is_cut, place = first > 0, end < file.frames, 0
    for piece in whole_parts(file, path):
        begins, ends = max(first, place), min(end, place + len(piece))
        if begins < ends:
            samples = piece[begins - place : ends - place]
            if is_begun:
                _fade(samples, begins - first, fade)
            if is_cut:
                _fade(samples[::-1], end - ends, fade)
            yield samples
        place += len(piece)
        if place >= end:
            return


def _fade(samples: FloatArray, into: int, fade: FloatArray) -> None:
    """Fade in samples of which the first is so many samples after the beginning."""
    n = min(len(samples), len(fade) - into)
    if n > 0:
        samples[:n] *= fade[into : into + n]


def _rising(n_samples: int) -> FloatArray:
    gains: FloatArray = (0.5 - 0.5 * np.cos(np.pi * np.arange(n_samples) / max(1, n_samples))).astype(np.float32)
    return gains[:, None]


def _said(path: str, first: int, end: int, file: Decoder, *, is_opus: bool) -> Metadata | None:
    """Return what the part says of the loops in it; None where the recording says nothing."""
    carried = carried_by(path)
    if not isinstance(carried, MixRecipe):
        return None
    is_whole = first == 0 and end == file.frames
    leads = leads_within(carried.leads, first, end)
    mix = MixRecipe(carried.kind if is_whole else MixKind.CUT, file.samplerate, end - first, leads)
    if is_opus:
        mix = at_rate(mix, OPUS_RATE)
    return said_of_mix(mix).with_texts(**chapters(mix.leads, mix.sample_rate))


def free_target(path: str, first_bar: int, last_bar: int) -> Path:
    """Return a name beside a recording for some of its bars, counted from 1, that nothing has yet."""
    from engine.library.atomic import free_name
    from engine.library.names import fitting

    whole = Path(path)
    bars = f"bar {first_bar}" if first_bar == last_bar else f"bars {first_bar}–{last_bar}"
    return free_name(whole.with_name(fitting(whole.stem, f" ({bars}){whole.suffix}")))
