# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of writing and reading, of the library and of memory."""

from __future__ import annotations

import errno
import os

from engine.errors.root import StudioError, UserError


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


class StatisticsDamaged(UserError):
    template = "The statistics of this machine cannot be read ({detail}) and begin anew; what was there is “{kept}”."


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


class FilesExist(UserError):
    template = "“{path}” and {n_more} more are there already: name another place, or replace them with --force."


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


class WrongEnding(UnknownFormat):
    template = "“{path}” does not end in {choices}: only that is written here."
