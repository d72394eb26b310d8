# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of what a person asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors.root import UserError


class WrongUsage(UserError):
    """A value cannot be given there at all, whatever there is on the machine: commands exit with 2."""


def exit_code_of(errors: Sequence[Exception]) -> int:
    """Return the exit code of a command that failed with these: 0 for none, 2 where nothing but its usage is wrong."""
    return (2 if all(isinstance(one, WrongUsage) for one in errors) else 1) if errors else 0


class EmptyPrompt(WrongUsage):
    template = "The prompt is empty: type what you want to hear, for example “lofi calm rap beat, 85 bpm”."


class PromptTooLong(WrongUsage):
    template = "The prompt has {n_characters} characters and at most {limit} are read: shorten it."


class OutOfRange(WrongUsage):
    """A number lies outside its bounds; it and they are read as people write them: 1440, not 1440.0."""

    template = "{name} is {value}, and must be from {low} to {high}."

    def __init__(self, **fields: Any) -> None:
        super().__init__(**{name: f"{one:.16g}" if isinstance(one, float) else one for name, one in fields.items()})


class NothingRepeats(UserError):
    """A sound was to be made longer by its loop, and what was asked for ends before the loop begins again."""

    template = (
        "“{length}” lasts {length_s:.2f} s, and the loop’s first turn ends at {least_s:.2f} s, so nothing would "
        "repeat: give a longer length (2:37 is two minutes and 37 seconds)."
    )


class UnknownChoice(WrongUsage):
    template = "There is no {name} called “{value}”: choose one of {choices}."


class UnknownPreset(WrongUsage):
    template = "There is no preset called “{value}”: {hint}."


class PresetUnusable(UserError):
    """A preset's file cannot be used; the detail is a sentence of its own."""

    template = "{file}, line {line}: {detail}"


class UnknownStation(WrongUsage):
    template = "There is no station called “{value}”: {hint}."


class StationUnusable(UserError):
    """A station's file cannot be used; the detail is a sentence of its own."""

    template = "{file}, line {line}: {detail}"


class NotAnOrigin(WrongUsage):
    template = (
        "“{origin}” is no site’s origin: it is like https://example.org, or http://localhost:3000, without a path."
    )


class GivenTwice(WrongUsage):
    template = "{name} is given twice: leave one of them out."


class PublicNeedsToken(WrongUsage):
    template = (
        "--public lets everybody listen, and the token is for control then: name a file for it with --token-file (it "
        "is written where there is none), or leave --public out."
    )


class OfOneClip(WrongUsage):
    template = "{option} is for one clip: leave it out with --from."


class NeedsBatch(WrongUsage):
    template = "{option} is for many clips: give --from with the file of their prompts."


class WrongKind(WrongUsage):
    template = "{name} is “{value}”, and must be {kind}."


class NotTaken(UserError):
    template = "{generator} takes no {name} (“{value}” was asked for): leave it out or choose another generator."


class CannotGoOn(UserError):
    template = "“{path}” cannot be gone on from ({detail}): name a take of a piece by the same generator."


class NothingToContinue(UserError):
    template = (
        "{generator} goes on from a sound and was given none: have it play along with a recording, or as an endless "
        "layer of a jam, or set another protocol."
    )


class TempoMissing(UserError):
    template = (
        "{generator} makes whole bars and has to know the tempo: write one into the prompt, as “90 bpm”, or set Tempo; "
        "“whole_bars=off” among its settings makes a clip in free time."
    )


class BarsTooLong(UserError):
    template = (
        "{bars} bars at {tempo_bpm:g} bpm last {seconds:.1f} s, and {generator} makes clips of at most {limit_s:g} s: "
        "ask for fewer bars or a faster tempo."
    )
