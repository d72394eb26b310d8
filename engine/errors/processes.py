# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of processes, devices and the screen."""

from __future__ import annotations

from engine.errors.root import StudioError, UserError

_MAKE_RUN = "quit, and enter “make run” in the studio's folder, which installs what is missing ({detail})."


class WorkerDied(StudioError):
    template = "The {worker} process stopped (exit code {exit_code}) and was started again."


class WorkerFailed(WorkerDied):
    template = "The {worker} process stopped ({detail}) and was started again."


class WorkerLacksPart(WorkerFailed):
    template = "The {worker} process cannot start: " + _MAKE_RUN


class AudioLacksPart(WorkerLacksPart):
    template = "There is no sound: " + _MAKE_RUN


class AnalysisLacksPart(WorkerLacksPart):
    template = "No loop can be found: " + _MAKE_RUN


class GeneratorLacksPart(WorkerLacksPart):
    template = "No clip can be made: " + _MAKE_RUN


class LibraryLacksPart(WorkerLacksPart):
    template = "No take can be kept or played again: " + _MAKE_RUN


class WorkerHung(StudioError):
    template = "The {worker} process did not answer within {limit_s:.0f} s and was started again."


class AudioSilent(StudioError):
    template = "No sound came for {seconds:.0f} s, and the audio process was started again."


class DeviceError(StudioError):
    template = "Sound cannot be played on “{device}”: {detail}."


class NoDevice(DeviceError):
    template = "No sound output was found: the studio runs without sound until one is there ({detail})."


class PortAudioMissing(NoDevice):
    template = (
        "There is no sound, as PortAudio is missing: quit, and enter “make run” in the studio's folder, "
        "which installs it ({detail})."
    )


class InputError(StudioError):
    template = "Nothing can be taken in from “{device}”: {detail}."


class NoInput(InputError):
    template = "No sound input was found: connect a microphone or an instrument ({detail})."


class LatencyUnsure(UserError):
    template = "The latency cannot be told, as {detail}: {way_out}."


class PartnerLost(StudioError):
    template = "“{machine}” does not play along: {detail}."


class NoDisplay(UserError):
    template = (
        "There is no display to open the window on ({detail}): "
        "use “{program} render PROMPT --minutes 5 -o music.wav” to make music without one."
    )
