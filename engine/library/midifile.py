# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes a played score as a standard MIDI file: a track for each part, drums on channel 10.

The file lasts exactly the clip's bars, or those of a region of it, so that it repeats as that does. What is late or
early by swing or by hand stays so, to a tick. Chords are markers.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.dsp.keynames import MAJOR_TONICS, MINOR_TONICS
from engine.errors import NotAudio, UnknownFormat
from engine.library.atomic import replacing
from engine.library.sound_folders import MIDI_ENDINGS, is_midi_name
from engine.library.soundfiles import opened
from engine.values import LoopRegion, PlayedChord, PlayedNote, PlayedScore

if TYPE_CHECKING:
    import mido

TICKS_PER_QUARTER = 960
"""Ticks of a quarter note: half a millisecond at 120 bpm, as sequencers count."""

DRUM_CHANNEL = 9
"""General MIDI's channel for drums, counted from 0."""

DRUM_TICKS = TICKS_PER_QUARTER // 8
"""Ticks for which a drum's note is held; a drum rings as long as it does."""

EARLY_TICKS = TICKS_PER_QUARTER // 8
"""Ticks before the end within which a note that rings on counts as an early first note of the next turn."""

MAX_BYTES = 1 << 22
"""Number of bytes of a MIDI file that is read; one that the studio writes has a few thousand."""

_MICROSECONDS_PER_S = 1_000_000


def refuse_other_endings(path: str | os.PathLike[str]) -> None:
    """Raise UnknownFormat unless the file is named as MIDI files are."""
    if not is_midi_name(path):
        raise UnknownFormat(path=str(path), choices=", ".join(MIDI_ENDINGS))


def write_midi(
    path: str | os.PathLike[str],
    score: PlayedScore,
    region: LoopRegion | None = None,
    *,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write the score, or what of it sounds in a region of its clip. Raises UnknownFormat, CannotWrite.

    ``texts``, in ASCII, are text events at its start, as ``NAME=text``.
    """
    refuse_other_endings(path)
    with replacing(path) as handle:
        _midi_of(score, region, texts or {}).save(file=handle)


def midi_text(path: str | os.PathLike[str], name: str) -> str:
    """Return the text of this name in a MIDI file, "" where there is none.

    Raises
    ------
    FileMissing, CannotRead, NotAudio
    """
    import mido

    with opened(path) as handle:
        content = handle.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotAudio(path=str(path), detail="it is too large for MIDI")
    try:
        events = [event for track in mido.MidiFile(file=io.BytesIO(content)).tracks for event in track]
    except (OSError, EOFError, LookupError, ValueError, TypeError) as error:
        raise NotAudio(path=str(path), detail=f"it is no MIDI file that can be read: {error}") from error
    found = (event.text for event in events if event.type == "text" and event.text.startswith(f"{name}="))
    return str(next(found, "")).removeprefix(f"{name}=")


def _midi_of(score: PlayedScore, region: LoopRegion | None, texts: Mapping[str, str]) -> mido.MidiFile:
    import mido

    beats, unit = score.metre
    quarters = score.bars * beats * 4 / unit
    n_ticks = round(quarters * TICKS_PER_QUARTER)
    ticks_per_sample = n_ticks / score.n_samples
    tempo = round(_MICROSECONDS_PER_S * score.n_samples / score.sample_rate / quarters)
    if region is not None and region.n_samples < score.n_samples:
        score = _sounding_in(score, region, round(EARLY_TICKS / ticks_per_sample))
        n_ticks = max(1, round(region.n_samples * ticks_per_sample))
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER)
    first = [
        *(_Event(0, mido.MetaMessage("text", text=f"{name}={text}")) for name, text in texts.items()),
        _Event(0, mido.MetaMessage("set_tempo", tempo=tempo)),
        _Event(0, mido.MetaMessage("time_signature", numerator=beats, denominator=unit)),
    ]
    if (key := _signature(score.key)) is not None:
        first.append(_Event(0, mido.MetaMessage("key_signature", key=key)))
    first += [
        _Event(round(one.start * ticks_per_sample), mido.MetaMessage("marker", text=one.name)) for one in score.chords
    ]
    file.tracks.append(_track(first, n_ticks))
    channels = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part, channel in zip(score.parts, channels, strict=False):
        spans = _in_one_turn(part.notes, ticks_per_sample, n_ticks)
        file.tracks.append(_track(_begun(part.name, channel, part.program) + _played(spans, channel), n_ticks))
    if score.hits:
        hits = [PlayedNote(one.start, 1, one.midi, one.velocity) for one in score.hits]
        spans = _in_one_turn(hits, ticks_per_sample, n_ticks, least_ticks=DRUM_TICKS)
        begun = _begun("drums", DRUM_CHANNEL, score.drum_program)
        file.tracks.append(_track(begun + _played(spans, DRUM_CHANNEL), n_ticks))
    return file


def _sounding_in(score: PlayedScore, region: LoopRegion, early_samples: int) -> PlayedScore:
    """Return what of a score sounds in a part of its clip, counted from there.

    A note that is held into the region begins with it, and one that was struck a little early for its first beat, too;
    one that is a little early for what follows the region is left out.
    """
    n_samples, n_region = score.n_samples, region.n_samples

    def starts(start: int, length: int) -> list[int]:
        """Return where a note begins in the region, counted from its start: below 0 where it began before."""
        seen = (start - region.loop_start, start - region.loop_start - n_samples)
        begins = (at for at in seen if at >= -early_samples or at + length > early_samples)
        return [at for at in begins if at < n_region and (at < n_region - early_samples or at + length < n_region)]

    parts = tuple(
        replace(
            part,
            notes=tuple(
                replace(one, start=max(0, at), length=max(1, one.length + min(0, at)))
                for one in part.notes
                for at in starts(one.start, one.length)
            ),
        )
        for part in score.parts
    )
    hits = tuple(replace(one, start=max(0, at)) for one in score.hits for at in starts(one.start, early_samples))
    return replace(score, chords=_chords_in(score, region), parts=parts, hits=hits)


def _chords_in(score: PlayedScore, region: LoopRegion) -> tuple[PlayedChord, ...]:
    """Return the chords in a region, counted from its start, where the one that sounds there begins."""
    inside = [one for one in score.chords if region.loop_start < one.start < region.loop_end]
    before = [one for one in score.chords if one.start <= region.loop_start]
    # Before the clip's first chord its last one still sounds.
    first = [replace(one, start=region.loop_start) for one in (before or list(score.chords))[-1:]]
    return tuple(replace(one, start=one.start - region.loop_start) for one in first + inside)


@dataclass(frozen=True, slots=True)
class _Event:
    """An event is a message at a tick."""

    tick: int
    message: mido.Message | mido.MetaMessage


@dataclass(slots=True)
class _Span:
    """A span is a note in ticks of the file."""

    start: int
    end: int
    midi: int
    velocity: int


def _in_one_turn(
    notes: Iterable[PlayedNote], ticks_per_sample: float, n_ticks: int, *, least_ticks: int = 1
) -> list[_Span]:
    """Return the notes within the file: what rings on at the start of the next turn is cut at the end.

    A note that was struck a little early for the next turn begins with the file, rather than be cut to nothing. Of a
    pitch that is struck again while it sounds, the first note ends there, as MIDI cannot tell the two apart.
    """
    spans = []
    for one in notes:
        start = min(n_ticks - 1, round(one.start * ticks_per_sample))
        end = max(start + least_ticks, round((one.start + one.length) * ticks_per_sample))
        if end > n_ticks and n_ticks - start <= EARLY_TICKS:
            start, end = 0, end - n_ticks
        spans.append(_Span(start, min(end, n_ticks), one.midi, one.velocity))
    spans.sort(key=lambda one: (one.start, one.midi, one.velocity))
    kept: list[_Span] = []
    sounding: dict[int, _Span] = {}
    for span in spans:
        before = sounding.get(span.midi)
        if before is not None and before.start == span.start:
            before.end, before.velocity = max(before.end, span.end), span.velocity
            continue
        if before is not None:
            before.end = min(before.end, span.start)
        sounding[span.midi] = span
        kept.append(span)
    return kept


def _begun(name: str, channel: int, program: int) -> list[_Event]:
    import mido

    return [
        _Event(0, mido.MetaMessage("track_name", name=name)),
        _Event(0, mido.Message("program_change", channel=channel, program=program)),
    ]


def _played(spans: Iterable[_Span], channel: int) -> list[_Event]:
    import mido

    events = []
    for one in spans:
        on = mido.Message("note_on", channel=channel, note=one.midi, velocity=one.velocity)
        off = mido.Message("note_off", channel=channel, note=one.midi, velocity=64)
        events += [_Event(one.start, on), _Event(one.end, off)]
    return events


def _track(events: list[_Event], n_ticks: int) -> mido.MidiTrack:
    """Return a track as long as the clip; where one note ends as another begins, the end comes first."""
    import mido

    track, now = mido.MidiTrack(), 0
    for one in sorted(events, key=lambda event: (event.tick, event.message.type == "note_on")):
        track.append(one.message.copy(time=one.tick - now))
        now = one.tick
    track.append(mido.MetaMessage("end_of_track", time=n_ticks - now))
    return track


def _signature(key: str | None) -> str | None:
    """Return the key as MIDI writes it, "F#m"; None where there is none that it knows."""
    tonic, _, mode = (key or "").partition(" ")
    if mode == "major" and tonic in MAJOR_TONICS:
        return tonic
    return f"{tonic}m" if mode == "minor" and tonic in MINOR_TONICS else None
