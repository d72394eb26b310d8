# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of what a running studio is told in words."""

from __future__ import annotations

from engine.errors.root import StudioError, UserError


class UnknownVerb(UserError):
    template = "There is no command “{value}”: {hint}."


class NeedsWords(UserError):
    template = "“{verb}” needs more: {usage}."


class TooManyWords(UserError):
    template = "“{verb}” takes no more than that: leave “{value}” out."


class UnknownSetting(UserError):
    template = "There is no setting “{value}”: {hint}."


class NothingPlays(UserError):
    template = "Nothing plays that could be meant: start the music first."


class CannotRate(UserError):
    template = "“{title}” cannot be rated: it ships with the studio."


class NameTaken(UserError):
    template = "“{path}” is there already: name another file."


class NotAbsolute(UserError):
    template = "“{path}” does not begin with “/”: name the whole path."


class LineUnclear(UserError):
    template = "The line was not understood: {detail}."


class NoSuchDriver(UserError):
    template = "No output is reached by “{value}” ({detail}): {hint}."


class NoStudioRuns(UserError):
    template = "No studio runs: “{program}” opens one, “{program} term” one in a terminal."


class NoStudioThere(UserError):
    template = "No studio runs as process {pid}: these do: {choices}."


class StudioSilent(StudioError):
    template = "The studio (process {pid}) does not answer within {limit_s:g} s."


class StudioLeft(StudioError):
    template = "The studio (process {pid}) ended."


class StudioSpeaksOther(UserError):
    template = "The studio (process {pid}) speaks version {theirs} of the control protocol, and this program {ours}."


class StudioBusy(StudioError):
    template = "The studio (process {pid}) answers {limit} programs already, and no more: end one of them."


class NoWindow(UserError):
    template = "This studio has no window: it runs in a terminal."


class StudioRefused(UserError):
    """A studio that runs refused what it was told; the detail is a sentence of its own."""

    template = "The studio that runs already (process {pid}) refused: {detail}"
