# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sound enters the studio by this gate, whether it was generated, is a person's file, or is a take.

Behind it a clip has the studio's sample rate and two channels, and every sample of it is a number; one that is new is
as loud as all others. Positions that came with a sound (its loop tags) are counted in the samples that it has here.

The sub-commands that work on a file itself (analyze, split, extend, tag, export, play) do not import it: their
positions are the file's own, and so are the samples that they write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.dsp.loudness import louder, matching_gain, peak_amplitude
from engine.dsp.mixdown import PLAYED_CHANNELS, mix_down
from engine.errors import AudioFileError, ConstantClip, NonFiniteClip, SilentClip
from engine.library.looptags import LoopTags, read_tags
from engine.library.metadata import Metadata, kept_metadata
from engine.library.soundfiles import AudioFile, AudioPath, open_sound
from engine.units import amplitude_to_db
from engine.values import Clip, FloatArray, LoopRegion
from engine.values.audio import STUDIO_SAMPLE_RATE

TARGET_LUFS = -16.0
"""Loudness of a clip that enters, LUFS, unless its peaks forbid it."""
PEAK_DB = -1.0
"""Highest true peak of a clip that enters, dBTP."""
SILENT_DB = -60.0
"""A clip whose peak stays below it counts as silent, dBFS."""
NOTABLE_DC = 0.003
"""Mean of a channel over the clip's peak from which it is taken off (-50 dB): less is inaudible at a seam."""
LONGEST_S = 600.0
"""Seconds of the longest clip that can be imported, of a file or a part of one: it is held in memory, about 200 MB."""

ChoosePart = Callable[[AudioFile, LoopTags], LoopRegion]
"""This function chooses the part of a longer file that is imported, in the file's samples, ``LONGEST_S`` at most."""


def fitted(clip: Clip) -> Clip:
    """Return the clip at ``STUDIO_SAMPLE_RATE`` in two channels, as loud as it was; the same object if it fits already.

    One channel becomes two equal ones, more are mixed down. A clip that wraps still does: its period stays whole.

    Raises
    ------
    NonFiniteClip
    """
    _refuse_non_finite(clip)
    if clip.sample_rate == STUDIO_SAMPLE_RATE and clip.n_channels == PLAYED_CHANNELS:
        return clip
    samples = mix_down(clip.samples)
    if clip.sample_rate != STUDIO_SAMPLE_RATE:
        resample = _resample_periodic if clip.wraps else _resample
        samples = resample(samples, clip.sample_rate)
    if samples.shape[1] < PLAYED_CHANNELS:
        samples = np.repeat(samples, PLAYED_CHANNELS, axis=1)
    return Clip(samples, STUDIO_SAMPLE_RATE, wraps=clip.wraps)


def admitted(clip: Clip) -> Clip:
    """Return the clip as the studio plays it, where it is new there.

    It is ``fitted``, without DC, ``TARGET_LUFS`` loud or as near below as true peaks up to ``PEAK_DB`` allow.

    Parameters
    ----------
    clip
        Any sample rate, up to eight channels, any level.

    Raises
    ------
    NonFiniteClip, SilentClip, ConstantClip
    """
    return admitted_with(clip, {})[0]


def admitted_with(clip: Clip, stems: Mapping[str, Clip]) -> tuple[Clip, dict[str, Clip]]:
    """Return a clip as ``admitted`` does, and beside it its stems, which still sum to it.

    Parameters
    ----------
    stems
        By name, what the clip is the sum of, of the same shape and rate.

    Raises
    ------
    NonFiniteClip, SilentClip, ConstantClip
        Of the clip, or of a stem that holds what is no number.
    """
    _refuse_non_finite(clip)
    refuse_silence(clip)
    peak = peak_amplitude(clip.samples)
    # From here on the peak is 1, so that no level, however odd, can overflow.
    has_dc = max(abs(one.mean(dtype=np.float64)) for one in clip.samples.T) > NOTABLE_DC * peak
    plain = _plain(clip, peak, has_dc=has_dc)
    gain = matching_gain(plain, target_lufs=TARGET_LUFS, peak_db=PEAK_DB)
    return louder(plain, gain), {name: louder(_plain(one, peak, has_dc=has_dc), gain) for name, one in stems.items()}


def refuse_silence(clip: Clip) -> None:
    """Refuse a clip in which nothing is heard. Raises SilentClip, ConstantClip."""
    peak = peak_amplitude(clip.samples)
    # Half the span, not the peak: a constant is as silent as zero.
    swing_db = amplitude_to_db(max(float(one.max()) - float(one.min()) for one in clip.samples.T) / 2.0)
    if swing_db < SILENT_DB:
        raise SilentClip(peak_db=swing_db) if amplitude_to_db(peak) < SILENT_DB else ConstantClip(offset=peak)


def _plain(clip: Clip, peak: float, *, has_dc: bool) -> Clip:
    """Return the clip divided by ``peak``, without its DC where it ``has_dc``, ``fitted``."""
    samples = clip.samples / peak
    if has_dc:
        samples -= np.array([channel.mean(dtype=np.float64) for channel in samples.T], dtype=np.float32)
    return fitted(Clip(samples, clip.sample_rate, wraps=clip.wraps))


@dataclass(frozen=True, eq=False, slots=True)
class Imported:
    """The sound of an imported file in the studio, with what the file says of it.

    Attributes
    ----------
    clip
        As ``admitted`` gives it. It wraps where the file's tags loop all of it.
    loops, marks
        Regions that the file is tagged with, or that are marked in it, in samples of the clip.
    notes
        Sentences for a person: what was corrected of the tags, and what could not be taken.
    metadata
        The other texts of the file: title, artist and so on.
    start_s, whole_s
        Where in the file the clip begins, and how long the file lasts, seconds.
    """

    clip: Clip
    loops: tuple[LoopRegion, ...]
    marks: tuple[LoopRegion, ...]
    notes: tuple[str, ...]
    metadata: Metadata
    start_s: float = 0.0
    whole_s: float = 0.0


def import_sound(
    path: AudioPath, *, choose: ChoosePart | None = None, on_read: Callable[[float], None] | None = None
) -> Imported:
    """Return the sound in a file of any format that libsndfile reads, as the studio plays it.

    Parameters
    ----------
    choose
        Chooses the part of a file that lasts longer than ``LONGEST_S``, which stays on disk; None refuses such files.
    on_read
        Called with the fraction that is read, in (0, 1], while all of a file is decoded; what it raises ends that.

    Raises
    ------
    FileMissing, CannotRead, NotAudio, DamagedSound
        No such file, or one that cannot be read to its end.
    AudioFileError
        It lasts longer than ``LONGEST_S``, and nothing chooses a part.
    EmptyClip, TooManyChannels, NonFiniteClip, SilentClip, ConstantClip
        Its sound cannot be played.
    """
    with open_sound(path, whole=True, on_read=on_read) as sound:
        rate = sound.sample_rate
        whole_s = sound.n_samples / rate
        tags = read_tags(path, n_samples=sound.n_samples)
        whole = part = LoopRegion(0, sound.n_samples)
        if whole_s > LONGEST_S:
            if choose is None:
                lasts = f"it lasts {whole_s / 60.0:.1f} minutes, and at most {LONGEST_S / 60.0:.0f} can be imported"
                raise AudioFileError(path=str(path), detail=f"{lasts}: cut the part out that you want")
            part = choose(sound, tags)
        clip = Clip(sound.read(part.loop_start, part.n_samples), rate, wraps=part == whole and whole in tags.loops)
    new = admitted(clip)
    loops, marks = (
        tuple(dict.fromkeys(_region_in(new, one, rate) for one in _within(part, regions)))
        for regions in (tags.loops, tags.marks)
    )
    marks = tuple(one for one in marks if one not in loops)
    return Imported(new, loops, marks, tags.notes, kept_metadata(path), part.loop_start / rate, whole_s)


def _within(part: LoopRegion, regions: tuple[LoopRegion, ...]) -> list[LoopRegion]:
    """Return those of the regions that lie within a part, in samples of the part."""
    first, end = part.loop_start, part.loop_end
    inside = (one for one in regions if first <= one.loop_start and one.loop_end <= end)
    return [LoopRegion(one.loop_start - first, one.loop_end - first) for one in inside]


def _region_in(clip: Clip, region: LoopRegion, sample_rate: int) -> LoopRegion:
    """Return a region at ``sample_rate`` in the clip's samples, its length kept where rounding would leave the clip."""
    found = region.at_rate(sample_rate, clip.sample_rate)
    beyond = max(0, found.loop_end - clip.n_samples)
    return LoopRegion(max(0, found.loop_start - beyond), found.loop_end - beyond)


def _refuse_non_finite(clip: Clip) -> None:
    n_bad = int(clip.samples.size - np.count_nonzero(np.isfinite(clip.samples)))
    if n_bad:
        raise NonFiniteClip(n_bad=n_bad)


def _resample(samples: FloatArray, sample_rate: int) -> FloatArray:
    import soxr

    out: FloatArray = soxr.resample(samples, sample_rate, STUDIO_SAMPLE_RATE, quality="HQ")
    return out


def _resample_periodic(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Resample one period by its Fourier series: exact, and the result is again one whole period."""
    n_in = len(samples)
    n_out = max(1, round(n_in * STUDIO_SAMPLE_RATE / sample_rate))
    spectrum = np.fft.rfft(samples.astype(np.float64), axis=0)[: n_out // 2 + 1]
    if n_out < n_in and n_out % 2 == 0:
        spectrum[-1] = 0.0  # the new Nyquist bin would mix two of the old
    out: FloatArray = (np.fft.irfft(spectrum, n_out, axis=0) * (n_out / n_in)).astype(np.float32)
    return out
