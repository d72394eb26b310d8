# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of audio files and clips."""

from __future__ import annotations

from engine.errors.root import UserError


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


class LoopTooShort(BadClip):
    template = "The loop lasts {seconds:.1f} s: a seam can be mended in loops of {least_s:g} s or more."


class ClipTooShort(BadClip):
    template = "The clip lasts {duration_s:.2f} s and at least {minimum_s:.2f} s are needed to find a loop in it."


class TooManyChannels(BadClip):
    template = "The clip has {n_channels} channels and at most {limit} can be played: mix it down first."


class NothingLoops(BadClip):
    template = "No loop of at least {minimum_s:.2f} s fits a clip of {duration_s:.2f} s: lower the minimum loop length."


class NoPulse(BadClip):
    template = "No beat is heard in the recording: some seconds of music with a steady pulse are needed to play along."


class NoWholeBars(BadClip):
    template = "No loop of whole bars was found within these bounds: tell the tempo, or allow any length."
