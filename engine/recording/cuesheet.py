# SPDX-License-Identifier: GPL-3.0-or-later
"""Cue sheets tell which loop is heard where in a sound file, with each loop's recipe.

The format of CDRWIN's guide: a line a command, times as ``mm:ss:ff`` with 75 frames a second, at most 99 tracks, text
in quotes without any way to write a quote. What it has no command for is a ``REM`` line, which players pass over: one
with a recipe's JSON, ``REM RECIPE {...}``, holds all of it to the line's end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from engine.library.texts import on_one_line
from engine.recording.chapters import title_of
from engine.values import Lead

FRAMES_PER_SECOND = 75
MAX_TRACKS = 99

_UNKNOWN = "Infiniloop Studio"


@dataclass(frozen=True, slots=True)
class WasHeard:
    """The sound of the last minutes: frames ``[first, end)`` of a disk ring, and which loops led when."""

    ring_path: str
    first: int
    end: int
    leads: tuple[Lead, ...]


def cue_sheet(audio_name: str, sample_rate: int, leads: Iterable[Lead]) -> str:
    """Return a file's cue sheet with a track for each loop; its lines end in CR LF, as the format's do.

    Of more than 99 loops the first ones share a track; loops shorter than a 75th of a second share one too.

    Parameters
    ----------
    audio_name
        Of the file, which lies beside the cue sheet.
    sample_rate
        Hz, of the file.
    leads
        The loops by the file's frames, in order. The first track starts with the file.
    """
    # A name is left its quotes, as it must be the file's; players read to the line's last one.
    lines = [f'FILE "{on_one_line(audio_name)}" WAVE']
    for number, (cue_frame, leads_of) in enumerate(_tracks(sample_rate, leads), 1):
        seconds, frames = divmod(cue_frame, FRAMES_PER_SECOND)
        lines.append(f"  TRACK {number:02} AUDIO")
        lines += [f"    {line}" for line in _described(leads_of)]
        lines.append(f"    INDEX 01 {seconds // 60:02}:{seconds % 60:02}:{frames:02}")
    return "".join(f"{line}\r\n" for line in lines)


def _tracks(sample_rate: int, leads: Iterable[Lead]) -> list[tuple[int, list[Lead]]]:
    """Return each track's start in the format's frames, with its loops."""
    tracks: list[tuple[int, list[Lead]]] = [(0, [])]
    for lead in leads:
        cue_frame = lead.frame * FRAMES_PER_SECOND // sample_rate
        if not tracks[-1][1] or cue_frame == tracks[-1][0]:
            tracks[-1][1].append(lead)
        else:
            tracks.append((cue_frame, [lead]))
    n_merged = max(0, len(tracks) - MAX_TRACKS)
    merged = [lead for _, leads_of in tracks[: n_merged + 1] for lead in leads_of]
    return [(0, merged), *tracks[n_merged + 1 :]]


def _described(leads: list[Lead]) -> list[str]:
    if not leads:
        return [f"TITLE {_quoted(_UNKNOWN)}"]
    last = leads[-1].recipe
    # On layers of their own all are heard.
    title = title_of(leads) if leads[-1].layer else last.title
    lines = [f"TITLE {_quoted(title)}", f"PERFORMER {_quoted(last.artist)}"]
    for lead in leads:
        recipe = lead.recipe
        facts, region = recipe.facts, recipe.loop.region
        lines += [f"REM LAYER {lead.layer}"] if lead.layer else []
        lines += [
            f"REM PROMPT {_quoted(recipe.prompt)}",
            f"REM GENERATOR {_quoted(recipe.generator)}",
            f"REM MODEL {_quoted(recipe.model)}",
            f"REM SEED {'' if recipe.seed is None else recipe.seed}",
            f"REM TEMPO_BPM {'' if facts.tempo_bpm is None else facts.tempo_bpm}",
            f"REM KEY {_quoted(facts.key or '')}",
            f"REM LOOP_START {region.loop_start}",
            f"REM LOOP_END {region.loop_end}",
            # ASCII: no letter in it ends a line.
            f"REM RECIPE {json.dumps(recipe.as_dict())}",
        ]
    return [line.rstrip() for line in lines]


def _quoted(text: str) -> str:
    return '"' + on_one_line(text).replace('"', "'") + '"'
