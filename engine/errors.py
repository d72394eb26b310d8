# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio's errors are values: one root, typed children, one sentence each.

A child declares its sentence as ``template``, with the fields it names. ``str(error)`` is that sentence in English; the
window translates the template and fills in the same ``fields``. To add an error: add a class here, no words elsewhere.
"""

from __future__ import annotations

import errno
import os
from typing import Any, ClassVar


class StudioError(Exception):
    """This is the root of everything that the studio reports to a person.

    Parameters
    ----------
    **fields
        The values the sentence names, each printable and picklable.
    """

    template: ClassVar[str] = "Something went wrong: {detail}."

    def __init__(self, **fields: Any) -> None:
        self.fields: dict[str, Any] = fields
        super().__init__(self.template.format(**fields))

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception with keyword fields does not pickle by itself, and errors cross processes.
        return _rebuild, (type(self), self.fields)


def _rebuild(kind: type[StudioError], fields: dict[str, Any]) -> StudioError:
    return kind(**fields)


class UserError(StudioError):
    """A person asked for something impossible; the sentence says the way out."""


class Cancelled(StudioError):
    """A job ended because it was asked to; this is never shown as a failure."""

    template = "Cancelled."


# --- requests ---------------------------------------------------------------------------------------------------------


class EmptyPrompt(UserError):
    template = "The prompt is empty: type what you want to hear, for example “lofi calm rap beat, 85 bpm”."


class PromptTooLong(UserError):
    template = "The prompt has {n_characters} characters and at most {limit} are read: shorten it."


class OutOfRange(UserError):
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


class UnknownChoice(UserError):
    template = "There is no {name} called “{value}”: choose one of {choices}."


class UnknownPreset(UserError):
    template = "There is no preset called “{value}”: {hint}."


class PresetUnusable(UserError):
    """A preset's file cannot be used; the detail is a sentence of its own."""

    template = "{file}, line {line}: {detail}"


class GivenTwice(UserError):
    template = "{name} is given twice: leave one of them out."


class WrongKind(UserError):
    template = "{name} is “{value}”, and must be {kind}."


class NotTaken(UserError):
    template = "{generator} takes no {name} (“{value}” was asked for): leave it out or choose another generator."


class CannotGoOn(UserError):
    template = "“{path}” cannot be gone on from ({detail}): name a take of a piece by the same generator."


class BarsTooLong(UserError):
    template = (
        "{bars} bars at {tempo_bpm:g} bpm last {seconds:.1f} s, and {generator} makes clips of at most {limit_s:g} s: "
        "ask for fewer bars or a faster tempo."
    )


# --- audio files and clips --------------------------------------------------------------------------------------------


class AudioFileError(UserError):
    """An audio file cannot be used; the sentence says why."""

    template = "“{path}” cannot be used: {detail}."


class FileMissing(AudioFileError):
    template = "There is no file “{path}”: check the name."


class NotAudio(AudioFileError):
    template = "“{path}” is not an audio file this program can read ({detail}): try WAV, FLAC or OGG."


class SoundFontBad(AudioFileError):
    """A SoundFont cannot be played; the composer then plays its synthesised instruments."""

    template = (
        "“{path}” cannot be played as a SoundFont ({detail}), so the synthesised instruments are: choose another .sf2 "
        "or .sf3 file, or none."
    )


class DamagedSound(AudioFileError):
    template = (
        "“{path}” is damaged ({detail}): only its first {seconds:.2f} s can be read. "
        "Use a whole copy of it to write from."
    )


class NoLoopTags(AudioFileError):
    template = "“{path}” is of a format without loop tags ({format}): convert it to one of {choices}."


class BadClip(UserError):
    template = "The clip cannot be used: {detail}."


class EmptyClip(BadClip):
    template = "The clip holds no samples: choose another."


class SilentClip(BadClip):
    template = "The clip is silent (its peak is {peak_db:.0f} dBFS): choose another."


class ConstantClip(SilentClip):
    """A clip's samples are nowhere near 0, and yet nothing is heard: they do not move."""

    template = "The clip is silent (its samples stand still at {offset:.2g} of full scale): choose another."


class NonFiniteClip(BadClip):
    template = "The clip holds {n_bad} samples that are not numbers (NaN or infinite): choose another."


class ClipTooShort(BadClip):
    template = "The clip lasts {duration_s:.2f} s and at least {minimum_s:.2f} s are needed to find a loop in it."


class TooManyChannels(BadClip):
    template = "The clip has {n_channels} channels and at most {limit} can be played: mix it down first."


class NothingLoops(BadClip):
    template = "No loop of at least {minimum_s:.2f} s fits a clip of {duration_s:.2f} s: lower the minimum loop length."


class NoWholeBars(BadClip):
    template = "No loop of whole bars was found within these bounds: tell the tempo, or allow any length."


# --- writing ----------------------------------------------------------------------------------------------------------


class CannotWrite(UserError):
    template = "“{path}” cannot be written ({detail}): choose another place."


class DiskFull(CannotWrite):
    template = "“{path}” cannot be written ({detail}): choose another place or free some space."


def cannot_write(path: str | os.PathLike[str], error: OSError) -> CannotWrite:
    """Return the error for the system's refusal to write: to free space helps only where there is none."""
    kind = DiskFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else CannotWrite
    return kind(path=str(path), detail=error.strerror or str(error))


class CannotRead(UserError):
    template = "“{path}” cannot be read ({detail})."


class SettingsUnreadable(UserError):
    template = "The settings cannot be read ({detail}) and have their defaults instead; what was there is “{kept}”."


class SettingsOdd(UserError):
    template = (
        "These settings cannot be used and have their defaults instead: {values}; the file as it was is “{kept}”."
    )


class PathCannotBe(UserError):
    template = "“{path}” cannot be used for {name} ({detail}): correct it or leave it empty."


class LibraryReadOnly(CannotWrite):
    template = (
        "“{path}” is read-only: its takes can be played, but nothing is kept there; "
        "to keep new ones choose another folder in SETUP → Folders."
    )


class DiskNearlyFull(UserError):
    template = (
        "The disk of the library “{path}” is nearly full ({gigabytes:.1f} GB are free): free some space, "
        "or let the takes hold less in SETUP → Room."
    )


class LibraryBusy(UserError):
    template = "Another program has locked the library “{path}”: the music goes on; close that program, and try again."


class LibraryGone(UserError):
    template = (
        "The library “{path}” is not there any more, perhaps its disk is not connected: connect it, or choose another "
        "folder in SETUP → Folders; until then the last few takes wait in memory."
    )


class NothingHeard(UserError):
    template = "Nothing was heard in the last ten minutes: play something, then keep it."


class OnlyLoopSaved(UserError):
    template = "Of “{title}” only the loop was saved, without its notes and parts: {detail}."


class FileExists(UserError):
    template = "“{path}” is there already: name another file, or replace it with --force."


class ExistsMeanwhile(UserError):
    template = "“{path}” came to be meanwhile and was left alone: what was made is “{kept}”."


class IsInput(UserError):
    template = "“{path}” is the sound itself, or another one that is read: name another file to write."


class FormatLacks(UserError):
    template = "“{path}” cannot hold {what}: {way_out}."


class TooLarge(UserError):
    template = "“{path}” would take {needed}, and {limit}: {way_out}."


class CannotPrint(UserError):
    template = "Standard output cannot be written ({detail}): have it go to another place."


class LittleMemory(UserError):
    template = (
        "This process may take {limit} of address space (ulimit -v), and needs at least {needed}: raise the limit."
    )


class OutOfMemory(StudioError):
    template = "There is not enough memory for this: close other programs, or ask for something shorter."


class UnknownFormat(UserError):
    template = "“{path}” does not end in one of {choices}: name the format by the file's ending."


# --- generators -------------------------------------------------------------------------------------------------------


class GeneratorError(StudioError):
    """A generator did not deliver a clip."""

    template = "{generator} made no clip: {detail}."


class GeneratorMissing(GeneratorError, UserError):
    template = "{generator} was not found: {hint}."


class GeneratorFailed(GeneratorError):
    template = "{generator} stopped with exit code {exit_code}: {detail}."


class GeneratorHung(GeneratorError):
    template = "{generator} gave no clip within {limit_s:.0f} s and was stopped."


class GeneratorOutputBad(GeneratorError):
    template = "{generator} made a clip that cannot be used: {detail}."


class GeneratorClipLength(GeneratorOutputBad):
    template = (
        "{generator} made a clip that cannot be used: "
        "it lasts {duration_s:.1f} s where {requested_s:g} s were asked for."
    )


class GeneratorFileTooLarge(GeneratorOutputBad):
    template = (
        "{generator} made a clip that cannot be used: "
        "its audio file has {megabytes:.0f} MB, far more than {requested_s:g} s of music take."
    )


# --- processes and devices --------------------------------------------------------------------------------------------


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


class NoDisplay(UserError):
    template = (
        "There is no display to open the window on ({detail}): "
        "use “{program} render PROMPT --minutes 5 -o music.wav” to make music without one."
    )
