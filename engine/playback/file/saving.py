# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the files of a plan: a loop, turns and an end, an exact length, intro, loop and outro, or a pack.

``shapes_of`` says by numbers alone which files there will be; ``write_files`` writes them piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from engine.dsp.seam import Seam, fit_rate
from engine.library.atomic import leave_alone
from engine.library.audiofile import WRITTEN_FORMATS, AudioWriter, writing_audio
from engine.library.metadata import Metadata
from engine.library.names import fitting, plain
from engine.library.room import least_bytes, refuse_beyond_free
from engine.playback.file.extend import BLOCK_SAMPLES, Piece, render_extension, split
from engine.playback.file.extent import Cut, Extent, extent_of_length, extent_of_turns
from engine.playback.file.loop_export import LoopExport
from engine.playback.mix.limiter import limited_loop
from engine.units import seconds_to_samples
from engine.values import BakedLoop, FileShape, FloatArray, LoopRegion, SaveKind, SavePlan

FULL = 1.0 - 2.0**-15
"""Highest sample that 16 bits hold, of full scale."""
INTRO, LOOP, OUTRO = "intro", "loop", "outro"
GAME_BITS, DAW_BITS = "16", "24"

_FLAC_SHARE = 0.6
"""Share of its samples' bytes that a FLAC file of music has, about."""
_OGG_BYTES_PER_S = 32_000
_MOST_LETTERS_OF_TITLE, _MOST_LETTERS_OF_KEY = 120, 20


def described_name(title: str, tempo_bpm: float | None, key: str | None, bars: int | None) -> str:
    """Return a file's name without ending, such as "Velvet Antenna - 85 bpm - A minor - 4 bars", of what is known."""
    # Both may be a stranger's, who wrote them in a file: no folder is to be in a name.
    words = [plain(title, _MOST_LETTERS_OF_TITLE) or LOOP]
    key = plain(key or "", _MOST_LETTERS_OF_KEY, signs="#♯♭")
    if tempo_bpm is not None:
        words.append(f"{round(tempo_bpm, 1):g} bpm")
    if key:
        words.append(key)
    if bars:
        words.append("1 bar" if bars == 1 else f"{bars} bars")
    return " - ".join(words)


def shapes_of(plan: SavePlan, name: str, cut: Cut) -> tuple[FileShape, ...]:
    """Return the files of a plan, in order; ``name`` is without an ending.

    Raises NothingRepeats for a length that ends within the first turn.
    """
    intro, loop, outro = cut.intro_samples, cut.loop_samples, cut.outro_samples
    bits = "" if plan.ending == ".ogg" else plan.bits
    shape = partial(FileShape, sample_rate=cut.sample_rate, n_channels=cut.n_channels)
    whole = LoopRegion(0, loop)
    match plan.kind:
        case SaveKind.LOOP:
            rate = plan.sample_rate or cut.sample_rate
            n = max(1, round(loop * rate / cut.sample_rate))
            turn = LoopRegion(0, n)
            named = fitting(name, plan.ending)
            return (FileShape(named, rate, cut.n_channels, n, bits, turn, turn),)
        case SaveKind.TURNS | SaveKind.LENGTH | SaveKind.VIDEO:
            extent = extent_of(plan, cut)
            ending = ".wav" if plan.kind is SaveKind.VIDEO else plan.ending
            named = fitting(name, ending)
            n = extent.total_samples
            return (shape(named, n_samples=n, bits=bits, proved=extent.proved(cut)),)
        case SaveKind.SPLIT | SaveKind.DAW:
            is_daw = plan.kind is SaveKind.DAW
            ending, bits = (".wav", DAW_BITS) if is_daw else (plan.ending, bits)
            files = []
            for part, n in ((INTRO, intro), (LOOP, loop), (OUTRO, outro)):
                region = whole if part == LOOP else None
                suffix = "" if is_daw and part == LOOP else f" - {part}"
                named = fitting(name, suffix + ending)
                files.append(shape(named, n_samples=n, bits=bits, tagged=region, proved=region))
            return tuple(one for one in files if one.n_samples)
        case SaveKind.GAME:
            region = LoopRegion(intro, intro + loop)
            ogg, wav = (
                shape(fitting(name, ending), n_samples=region.loop_end, bits=bits, tagged=region, proved=region)
                for ending, bits in ((".ogg", ""), (".wav", GAME_BITS))
            )
            return ogg, wav


def extent_of(plan: SavePlan, cut: Cut) -> Extent:
    """Return how long the sound becomes by a plan of turns or of a length. Raises NothingRepeats."""
    fade = None if plan.fade_s is None else seconds_to_samples(plan.fade_s, cut.sample_rate)
    if plan.kind is SaveKind.TURNS:
        return extent_of_turns(cut, plan.turns, fade)
    total = max(1, seconds_to_samples(plan.length_s, cut.sample_rate))
    return extent_of_length(cut, total, fade, said=_clock(plan.length_s))


def about_bytes(shape: FileShape) -> int:
    """Return about how many bytes a file will have: of WAV nearly exactly, of others what music usually takes."""
    container = WRITTEN_FORMATS[Path(shape.name).suffix.lower()][0]
    if container == "OGG":
        return round(_OGG_BYTES_PER_S * shape.n_samples / shape.sample_rate)
    n_bytes = shape.n_samples * shape.n_channels * {"16": 2, "24": 3, "32f": 4}.get(shape.bits, 3)
    return n_bytes if container == "WAV" else round(_FLAC_SHARE * n_bytes)


def even_gain(seam: Seam, gain: float) -> float:
    """Return the gain for all samples of a sound: ``gain``, or what little less keeps its peak within full scale."""
    sound = seam.sound
    starts = range(0, sound.n_samples, BLOCK_SAMPLES)
    blocks = (sound.read(at, min(BLOCK_SAMPLES, sound.n_samples - at)) for at in starts)
    peak = max((float(np.abs(one).max(initial=0.0)) for one in chain(blocks, (seam.crossfade,))), default=0.0)
    return _within_scale(gain, peak)


def _within_scale(gain: float, peak: float) -> float:
    return gain if gain * peak <= 1.0 else FULL / peak


@dataclass(frozen=True, eq=False, slots=True)
class Saved:
    """A seam is saved with the gain of all its samples.

    ``is_limited`` has a loop alone go through the output's limiter, as it is heard; all else is turned down as a whole
    where it would be too loud.
    """

    seam: Seam
    gain: float = 1.0
    is_limited: bool = False


def write_files(
    plan: SavePlan,
    saved: Saved,
    shapes: Sequence[FileShape],
    paths: Sequence[Path],
    metadata: Callable[[FileShape], Metadata],
) -> Generator[float, None, tuple[tuple[str, ...], ...]]:
    """Write the files of a plan: all of them, or none.

    Parameters
    ----------
    paths
        Where each goes. Nothing may be there: what comes to be there meanwhile is left alone.
    metadata
        Says what a file says of itself.

    Yields
    ------
    float
        Fraction done, in [0, 1]. Each yield is a cancel point.

    Returns
    -------
    tuple
        For each file, what its format has no room for, in words.

    Raises
    ------
    CannotWrite, TooLarge, ExistsMeanwhile
        No file is there then.
    """
    sizes = []
    for shape in shapes:
        container, encoding = WRITTEN_FORMATS[Path(shape.name).suffix.lower()]
        sizes.append(least_bytes(container, encoding, shape.n_samples, shape.n_channels))
    refuse_beyond_free(list(zip(paths, sizes, strict=True)))
    leave_alone([path for path in paths if not path.exists()])
    total, done = sum(shape.n_samples for shape in shapes), 0
    writers: list[AudioWriter] = []
    with ExitStack() as stack:
        for shape, path in zip(shapes, paths, strict=True):
            out = stack.enter_context(
                writing_audio(
                    path,
                    shape.sample_rate,
                    shape.n_channels,
                    loop_region=shape.tagged,
                    bits=shape.bits or None,
                    n_samples=shape.n_samples,
                    metadata=metadata(shape),
                )
            )
            writers.append(out)
            for block in _blocks(plan, saved, shape):
                out.write(block)
                yield (done + out.n_samples) / total
            done += shape.n_samples
    return tuple(out.left_out for out in writers)


def _blocks(plan: SavePlan, saved: Saved, shape: FileShape) -> Iterator[FloatArray]:
    """Yield the samples of one file of a plan, block by block."""
    seam = saved.seam
    if plan.kind is SaveKind.LOOP:
        yield from _loop_blocks(plan, saved)
        return
    gain = np.float32(even_gain(seam, saved.gain))
    if plan.kind in (SaveKind.TURNS, SaveKind.LENGTH, SaveKind.VIDEO):
        extent, blocks = extent_of(plan, Cut.of(seam)), list[FloatArray]()
        for _ in render_extension(
            extent.extension(seam),
            total_samples=extent.total_samples,
            fade_samples=extent.fade_samples,
            write=blocks.append,
        ):
            yield blocks.pop() * gain
        return
    intro, loop, outro = split(seam)
    pieces: tuple[Piece | Seam, ...]
    if plan.kind is SaveKind.GAME:
        pieces = intro, loop
    else:
        # By the name that ``shapes_of`` gave: the loop of a DAW's pack has none of its own.
        stem = Path(shape.name).stem
        pieces = (intro,) if stem.endswith(f" - {INTRO}") else (outro,) if stem.endswith(f" - {OUTRO}") else (loop,)
    for piece in pieces:
        for at in range(0, piece.n_samples, BLOCK_SAMPLES):
            yield piece.read(at, min(BLOCK_SAMPLES, piece.n_samples - at)) * gain


def _loop_blocks(plan: SavePlan, saved: Saved) -> Iterator[FloatArray]:
    seam = saved.seam
    if not saved.is_limited:
        # As the command's export writes it: turned down only where the file would be too loud.
        made = LoopExport(seam, sample_rate=plan.sample_rate or None)
        blocks = list(made.blocks())
        peak = max(float(np.abs(one).max(initial=0.0)) for one in blocks)
        gain = np.float32(saved.gain if plan.bits == "32f" else _within_scale(saved.gain, peak))
        yield from (one * gain for one in blocks)
        return
    samples = seam.read(0, seam.n_samples) * np.float32(saved.gain)
    rate = seam.sound.sample_rate
    baked = BakedLoop(samples, rate, seam.region, seam.overlap_samples, seam.correlation, seam.limit)
    fitted = fit_rate(baked, plan.sample_rate or rate)
    # As it was heard: the output's limiter is the same.
    limited = limited_loop(fitted.samples, fitted.sample_rate)
    for at in range(0, len(limited), BLOCK_SAMPLES):
        yield limited[at : at + BLOCK_SAMPLES]


def as_written(plan: SavePlan, saved: Saved) -> Saved:
    """Return the same, with the gain that all its samples get."""
    return saved if plan.kind is SaveKind.LOOP else replace(saved, gain=even_gain(saved.seam, saved.gain))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60.0)
    return f"{int(minutes)}:{rest:05.2f}".rstrip("0").rstrip(".")
