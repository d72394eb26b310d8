# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop commands share these arguments: times, what to look for, and which loop to take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.commands import dry_run
from app.commands.numbers import TIMES, Time, format_time, number, time, whole
from app.commands.option_arguments import add_option, check_option
from engine.errors import AudioFileError, OutOfRange
from engine.units import samples_to_seconds
from engine.values import Algorithm, LoopCandidate, LoopFindings, LoopRegion, LoopSearch, MusicFacts
from engine.values.options import ALGORITHM, OVERLAP

if TYPE_CHECKING:
    from engine.library.looptags import LoopTags
    from engine.values import Sound

MAX_CANDIDATES = 100
_MAX_LOOP_S = 86_400.0
_ENOUGH_CANDIDATES = 10

# --- what to look for -------------------------------------------------------------------------------------------------


def add_search_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the search options; ``check_search`` and ``search_of`` read them."""
    group = parser.add_argument_group("what to look for")
    words = "advanced: several metrics; classic: spectral similarity alone"
    add_option(group, "--algorithm", ALGORITHM, words)
    group.add_argument(
        "--min-loop", type=time, metavar="TIME", help="shortest loop (default 5%% of the file, from 1.5 to 10 s)"
    )
    group.add_argument("--max-loop", type=time, default=None, metavar="TIME", help="longest loop (the file)")
    group.add_argument("--whole-bars", action="store_true", help="only loops of whole bars")
    group.add_argument("--near", type=time, nargs=2, metavar=("START", "END"), help="only loops near these TIMEs")
    group.add_argument("--near-window", type=time, default=time("2"), metavar="TIME", help="how near (default 2 s)")
    beat = group.add_mutually_exclusive_group()
    beat.add_argument("--tempo", type=number, metavar="BPM", help="the tempo, if you know it")
    beat.add_argument("--bar-length", type=time, metavar="TIME", help="how long a bar lasts, if you know it")
    group.add_argument("--beats-per-bar", type=whole, metavar="N", help="beats in a bar, if you know it")
    parser.epilog = TIMES


def check_search(arguments: argparse.Namespace) -> None:
    """Refuse what no sound could make sense of, before any is opened. Raises OutOfRange."""
    low, high = arguments.min_loop, arguments.max_loop
    if low is not None and (low.value <= 0 or (low.unit == "s" and low.value > _MAX_LOOP_S)):
        raise OutOfRange(name="--min-loop", value=low.text, low="more than 0", high=f"{_MAX_LOOP_S:.0f} seconds")
    if high is not None and high.value <= 0:
        raise OutOfRange(name="--max-loop", value=high.text, low="more than 0", high="any length")
    if low is not None and high is not None and high.unit == low.unit and high.value < low.value:
        raise OutOfRange(name="--max-loop", value=high.text, low=f"{low.text} (--min-loop)", high="any length")
    if arguments.near_window.value <= 0:
        raise OutOfRange(name="--near-window", value=arguments.near_window.text, low="more than 0", high="any length")
    if arguments.bar_length is not None and arguments.bar_length.value <= 0:
        raise OutOfRange(name="--bar-length", value=arguments.bar_length.text, low="more than 0", high="any length")
    for name, value, bounds in (
        ("--tempo", arguments.tempo, (20, 400)),
        ("--beats-per-bar", arguments.beats_per_bar, (1, 32)),
    ):
        if value is not None and not bounds[0] <= value <= bounds[1]:
            raise OutOfRange(name=name, value=value, low=bounds[0], high=bounds[1])


def search_of(arguments: argparse.Namespace, sound: Sound, *, top: int, tags: LoopTags | None = None) -> LoopSearch:
    """Return what the loop finder is asked for in this sound. Raises OutOfRange."""
    min_loop_s = None if arguments.min_loop is None else arguments.min_loop.seconds(sound)
    max_loop_s = None if arguments.max_loop is None else arguments.max_loop.seconds(sound)
    if min_loop_s is not None and max_loop_s is not None and max_loop_s < min_loop_s:
        raise OutOfRange(
            name="--max-loop", value=arguments.max_loop.text, low=f"{min_loop_s:g} s (--min-loop)", high="any length"
        )
    beats, tempo_bpm = arguments.beats_per_bar, arguments.tempo
    if arguments.bar_length is not None:
        beats = beats or 4
        tempo_bpm = 60.0 * beats / arguments.bar_length.seconds(sound)
    return LoopSearch(
        Algorithm(arguments.algorithm),
        min_loop_s,
        max_loop_s,
        top,
        facts=MusicFacts(tempo_bpm=tempo_bpm, beats_per_bar=beats),
        whole_bars=arguments.whole_bars,
        near=None if arguments.near is None else _region("--near", arguments.near, sound),
        near_s=arguments.near_window.seconds(sound),
        tagged=() if tags is None else tags.loops,
        marked=() if tags is None else tags.marks,
    )


def _region(name: str, times: list[Time], sound: Sound) -> LoopRegion:
    """Return the region between two TIMEs. Raises OutOfRange."""
    start, end = (one.samples(sound) for one in times)
    lasts = f"{samples_to_seconds(sound.n_samples, sound.sample_rate):.3f} s"
    if end > sound.n_samples:
        raise OutOfRange(name=f"{name}’s end", value=times[1].text, low=0, high=f"{lasts}, where the file ends")
    if start >= end:
        raise OutOfRange(name=f"{name}’s start", value=times[0].text, low=0, high=f"less than its end, {times[1].text}")
    return LoopRegion(start, end)


# --- which loop to take -----------------------------------------------------------------------------------------------


def add_choice_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the search options and which loop to take; ``check_choice`` and ``choices_in`` read them."""
    group = parser.add_argument_group("which loop to take")
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--candidate", type=whole, default=1, metavar="N", help="the N-th best that is found (default 1)"
    )
    which.add_argument("--loop", type=time, nargs=2, metavar=("START", "END"), help="this one, from TIME to TIME")
    which.add_argument("--tagged", action="store_true", help="the one that the file's own tags name")
    add_search_arguments(parser)


def add_overlap_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--overlap MS``, the seam's crossfade; ``check_choice`` checks it."""
    parser.add_argument(
        "--overlap",
        type=number,
        metavar="MS",
        help=f"the seam's crossfade, 0–{OVERLAP.high:.0f} (default {OVERLAP.default:.0f}, or what a clip that is "
        "played through needs)",
    )


def check_choice(arguments: argparse.Namespace) -> None:
    """Refuse what no sound could make sense of, before any is opened. Raises OutOfRange."""
    check_search(arguments)
    if not 1 <= arguments.candidate <= MAX_CANDIDATES:
        raise OutOfRange(name="--candidate", value=arguments.candidate, low=1, high=MAX_CANDIDATES)
    if hasattr(arguments, "overlap"):
        # The seam may be left as it is.
        check_option(arguments, "--overlap", OVERLAP, low=0.0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A loop to take; ``candidate`` and ``facts`` are what the finder thinks, or None where it was not asked."""

    region: LoopRegion
    candidate: LoopCandidate | None = None
    facts: MusicFacts | None = None

    def overlap_ms(self, asked_ms: float | None) -> float:
        """The crossfade of its seam: the one asked for, else the usual one or, where that is longer, what it needs."""
        if asked_ms is not None:
            return asked_ms
        return OVERLAP.default_number if self.candidate is None else self.candidate.overlap_for(OVERLAP.default_number)

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        score = None if self.candidate is None else self.candidate.score
        return {"loop_start": self.region.loop_start, "loop_end": self.region.loop_end, "score": score}

    def describe(self, sample_rate: int) -> str:
        """``0:12.345–1:02.345, score 0.93``."""
        start, end = (format_time(at, sample_rate) for at in (self.region.loop_start, self.region.loop_end))
        return f"{start}–{end}" + ("" if self.candidate is None else f", score {self.candidate.score:.2f}")


def choices_in(
    arguments: argparse.Namespace, sound: Sound, path: str, show: Callable[[str], None], *, top: int = 0
) -> tuple[Choice, ...]:
    """Return the loops that may be taken of a sound, best first, the one asked for at ``index_of``.

    Parameters
    ----------
    show
        Takes words of progress.
    top
        How many to look for at least.

    Raises
    ------
    StudioError
        Nothing loops, the file has no tags, a region lies outside the sound, there are not as many candidates.
    """
    if arguments.loop is not None:
        return (Choice(_region("--loop", arguments.loop, sound)),)
    if arguments.tagged:
        tags = tags_of(path, sound, show)
        regions = tags.loops or tags.marks
        if not regions:
            raise AudioFileError(path=path, detail="it has no loop tags; leave out --tagged to have a loop found")
        return tuple(Choice(region) for region in regions)
    tags = tags_of(path, sound, show)
    search = search_of(arguments, sound, top=max(top, arguments.candidate, _ENOUGH_CANDIDATES), tags=tags)
    found = look(sound, search, show)
    if arguments.candidate > len(found.candidates):
        raise OutOfRange(name="--candidate", value=arguments.candidate, low=1, high=len(found.candidates))
    return tuple(Choice(one.region, one, found.facts) for one in found.candidates)


def index_of(arguments: argparse.Namespace) -> int:
    """Return the index of the one of ``choices_in`` that was asked for."""
    return 0 if arguments.loop is not None or arguments.tagged else int(arguments.candidate) - 1


def choose(arguments: argparse.Namespace, sound: Sound, path: str, show: Callable[[str], None]) -> Choice:
    """Return the loop asked for of a sound. Raises StudioError, as ``choices_in``."""
    choice = choices_in(arguments, sound, path, show)[index_of(arguments)]
    if dry_run.is_on():
        dry_run.about(choice.describe(sound.sample_rate), sample_rate=sound.sample_rate, **choice.as_dict())
    return choice


def look(sound: Sound, search: LoopSearch, show: Callable[[str], None]) -> LoopFindings:
    """Have the loop finder look, telling how far it is. Raises StudioError."""
    from engine.loops.finder import find_loops

    show("finding the loop")
    return find_loops(sound, search, progress=lambda fraction: show(f"finding the loop {fraction:.0%}"))


def tags_of(path: str, sound: Sound, show: Callable[[str], None]) -> LoopTags:
    """Return what a sound's file says of its loops, and tell what is odd about that. Raises StudioError."""
    from engine.library.looptags import read_tags

    tags = read_tags(path, n_samples=sound.n_samples)
    if tags.notes:
        show("")
    for note in tags.notes:
        print(f"infiniloop: {path}: {note}", file=sys.stderr)
    return tags
