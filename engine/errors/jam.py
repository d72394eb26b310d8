# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of jams."""

from __future__ import annotations

from engine.errors.requests import WrongUsage
from engine.errors.root import UserError


class JamScriptWrong(WrongUsage):
    template = "Line {line} of the script is not understood: “{text}”. It reads “BAR VERB …”; verbs: {help}."


class JamScriptLineWrong(JamScriptWrong):
    """The verb is known, and what follows it is not understood."""

    template = "Line {line} of the script is not understood: “{text}”. It reads “BAR {form}”."


class JamScriptValueWrong(WrongUsage):
    """A line is understood and cannot be done; the detail is a sentence of its own."""

    template = "Line {line} of the script: {detail}"


class NoInputOpen(UserError):
    template = "No sound is taken in: open an input first, in the dialog “Play with an instrument…”."


class LooperBusy(UserError):
    template = "A phrase is recorded into “{layer}” already: end it, or cancel it, first."


class NothingToOverdub(UserError):
    template = "There is no loop on “{layer}” that plays: record a phrase there first."


class JamSlotEmpty(UserError):
    template = "Line {line} of the script: nothing lies in slot {number} at bar {bar}, so nothing comes."


class NotAJam(UserError):
    template = "“{path}” is not a jam: {detail}. A jam is a folder with a file “jam.json”."


class JamElsewhere(UserError):
    template = "Another studio is open, which has the jam that was left: this one's jam is kept in “{path}”."


class JamSetAside(UserError):
    """The jam that was kept could not be read; the detail is a sentence of its own."""

    template = "{detail} The jam begins anew; what was kept of it was moved to “{path}”."


class LoopsLost(UserError):
    """Loops of a jam could not be read; the detail is why of the first one, a sentence of its own."""

    template = "The jam is here without {count} of its loops. {detail} Put back what is missing, and open it again."


class NothingToPlay(WrongUsage):
    template = "There is nothing to play: name a jam's folder, or say by --script what is made."


class NoFfmpeg(UserError):
    template = "A video needs the program “ffmpeg”, which is not here: install it (on Debian: “apt install ffmpeg”)."


class VideoFailed(UserError):
    template = "The video “{path}” could not be made: {detail}."


class MidiMapWrong(UserError):
    """A map of MIDI cannot be used; the detail is a sentence of its own."""

    template = "{file}, line {line}: {detail}"


class NoMidi(UserError):
    template = "This system has no MIDI: neither ALSA's sequencer nor a JACK server is there."


class MidiNotInstalled(UserError):
    template = "MIDI needs the package python-rtmidi: “infiniloop models setup midi” installs it."


class LinkNotInstalled(UserError):
    template = "Ableton Link needs the package LinkPython-extern: “infiniloop models setup link” installs it."


class MidiWordsUnknown(UserError):
    template = "A control of MIDI is bound to “{text}”, which says nothing: resources/midi.toml tells what can be."
