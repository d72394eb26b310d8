# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays single notes of a SoundFont (.sf2, .sf3) through libfluidsynth, without a sound device.

The library's dozen functions are called as they are: pyfluidsynth gives whole numbers of 16 bits where a note should
keep its tail, searches the linker's paths for 0.1 s when it is imported, and cannot keep the library from writing to
the terminal. Samples are read where a preset is first asked for (``synth.dynamic-sample-loading``), so that a file of
150 MB is open in 20 ms and costs the memory of what is played.
"""

from __future__ import annotations

import ctypes
import threading
from functools import cache
from pathlib import Path

import numpy as np

from engine.errors import SoundFontBad
from engine.values import FloatArray

LIBRARIES = ("libfluidsynth.so.3", "libfluidsynth.3.dylib", "libfluidsynth-3.dll")
"""Names of FluidSynth 2's library, as the systems call it."""

DRUM_BANK = 128
"""The bank of the presets that are drum kits, by the SoundFont standard."""

_BLOCK_SAMPLES = 64  # FluidSynth begins and ends notes between blocks of this size
_TAIL_BLOCKS = 172  # a quarter of a second at 44.1 kHz
_TAIL_S = 3.0
_QUIET = 10.0 ** (-70.0 / 20.0)
_N_CHANNELS = 256
_FILTER_CUTOFF = 8  # the SoundFont generator that is called so, in cents
_BEND_CENTS = 200.0  # either way, MIDI's default
_TRIM_SAMPLES = 2048
_DAMAGED = "it is no SoundFont, or it is damaged"

_pointer, _int, _text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_FUNCTIONS = {
    "fluid_version_str": (_text, ()),
    "fluid_set_log_function": (_pointer, (_int, _pointer, _pointer)),
    "fluid_audio_driver_register": (_int, (_pointer,)),
    "new_fluid_settings": (_pointer, ()),
    "delete_fluid_settings": (None, (_pointer,)),
    "fluid_settings_setint": (_int, (_pointer, _text, _int)),
    "fluid_settings_setnum": (_int, (_pointer, _text, ctypes.c_double)),
    "new_fluid_synth": (_pointer, (_pointer,)),
    "delete_fluid_synth": (None, (_pointer,)),
    "fluid_synth_sfload": (_int, (_pointer, _text, _int)),
    "fluid_synth_program_select": (_int, (_pointer, _int, _int, _int, _int)),
    "fluid_synth_noteon": (_int, (_pointer, _int, _int, _int)),
    "fluid_synth_noteoff": (_int, (_pointer, _int, _int)),
    "fluid_synth_all_sounds_off": (_int, (_pointer, _int)),
    "fluid_synth_pitch_bend": (_int, (_pointer, _int, _int)),
    "fluid_synth_set_gen": (_int, (_pointer, _int, _int, ctypes.c_float)),
    "fluid_synth_write_float": (_int, (_pointer, _int, _pointer, _int, _int, _pointer, _int, _int)),
}
_SWITCHES = {
    "synth.dynamic-sample-loading": 1,
    "synth.midi-channels": _N_CHANNELS,
    "synth.polyphony": 64,
    # The mix has rooms of its own, and a clip's wraps.
    "synth.reverb.active": 0,
    "synth.chorus.active": 0,
    "synth.lock-memory": 0,
    "synth.threadsafe-api": 0,
}


@cache
def library() -> ctypes.CDLL | None:
    """Return libfluidsynth, told to be silent, or None where it is not installed."""
    for name in LIBRARIES:
        try:
            found = ctypes.CDLL(name)
            for function, (result, arguments) in _FUNCTIONS.items():
                getattr(found, function).restype = result
                getattr(found, function).argtypes = arguments
        except (OSError, AttributeError):
            continue
        for level in range(5):
            found.fluid_set_log_function(level, None, None)
        # No sound server is asked for its devices.
        found.fluid_audio_driver_register((ctypes.c_char_p * 2)(b"file", None))
        return found
    return None


def library_version() -> str:
    """Return the version of libfluidsynth, or "" where it is not installed."""
    found = library()
    return found.fluid_version_str().decode("ascii", "replace") if found is not None else ""


class SoundFont:
    """A SoundFont is a file of sampled instruments; the same note is the same samples each time.

    Parameters
    ----------
    path
        A file in the format SoundFont 2, whose samples may be Vorbis (.sf3).
    sample_rate
        Sample rate in Hz of what it plays.

    Raises
    ------
    SoundFontBad
        The file cannot be read as a SoundFont, or libfluidsynth is not installed.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.path, self.sample_rate = path, sample_rate
        self._channels: dict[tuple[int, int], int | None] = {}
        self._lock = threading.Lock()
        self._synth = self._settings = None
        found = library()
        if found is None:
            raise SoundFontBad(path=path, detail="FluidSynth’s library is not installed")
        self.n_bytes = _checked_size(path)
        self._library = found
        self._settings = found.new_fluid_settings()
        for name, value in _SWITCHES.items():
            found.fluid_settings_setint(self._settings, name.encode(), value)
        found.fluid_settings_setnum(self._settings, b"synth.sample-rate", float(sample_rate))
        found.fluid_settings_setnum(self._settings, b"synth.gain", 0.5)
        self._synth = found.new_fluid_synth(self._settings)
        self._id = found.fluid_synth_sfload(self._synth, str(path).encode("utf-8", "surrogateescape"), 0)
        if self._id < 0:
            raise SoundFontBad(path=path, detail=_DAMAGED)

    def __del__(self) -> None:
        if self._synth:
            self._library.delete_fluid_synth(self._synth)
        if self._settings:
            self._library.delete_fluid_settings(self._settings)

    @property
    def label(self) -> str:
        """Return the name and size of the file, as recipes tell them."""
        name = self.path.name.encode("utf-8", "replace").decode()
        return f"{name} ({self.n_bytes} bytes)"

    def has(self, bank: int, program: int) -> bool:
        """Return whether the file has that preset, whose samples are then in memory."""
        with self._lock:
            return self._channel(bank, program) is not None

    def note(
        self,
        bank: int,
        program: int,
        midi: int,
        *,
        velocity: int,
        gate_s: float,
        cents: float = 0.0,
        cutoff_cents: float = 0.0,
        is_cut: bool = False,
    ) -> FloatArray:
        """Return a note held for ``gate_s`` seconds, with its release down to -70 dB, at the level that it has.

        Parameters
        ----------
        cents
            How far from the note's own pitch, within a whole tone.
        cutoff_cents
            How far its low-pass is moved.
        is_cut
            Whether the release is left out, and the note faded out at its end.

        Returns
        -------
        samples
            Shape ``(n_samples,)`` where both sides are the same, else ``(2, n_samples)``; empty where there is no such
            preset.
        """
        with self._lock:
            channel = self._channel(bank, program)
            if channel is None:
                return np.zeros(0, np.float32)
            synth, call = self._synth, self._library
            call.fluid_synth_pitch_bend(synth, channel, 8192 + round(8191 * float(np.clip(cents / _BEND_CENTS, -1, 1))))
            call.fluid_synth_set_gen(synth, channel, _FILTER_CUTOFF, cutoff_cents)
            call.fluid_synth_noteon(synth, channel, midi, velocity)
            blocks = [self._write(max(1, round(gate_s * self.sample_rate / _BLOCK_SAMPLES)))]
            call.fluid_synth_noteoff(synth, channel, midi)
            loudest = np.abs(blocks[0]).max()
            for _ in range(0 if is_cut else round(_TAIL_S * self.sample_rate / (_TAIL_BLOCKS * _BLOCK_SAMPLES))):
                blocks.append(self._write(_TAIL_BLOCKS))
                if np.abs(blocks[-1]).max() <= _QUIET * loudest:
                    break
            # What still sounds ends within the next block, and would be heard at the beginning of the next note.
            call.fluid_synth_all_sounds_off(synth, channel)
            self._write(1)
        return _trimmed(blocks[0] if is_cut else np.concatenate(blocks, axis=1))

    def _channel(self, bank: int, program: int) -> int | None:
        key = (bank, program)
        if key not in self._channels:
            channel = sum(one is not None for one in self._channels.values())
            status = -1
            if channel < _N_CHANNELS:
                status = self._library.fluid_synth_program_select(self._synth, channel, self._id, bank, program)
            self._channels[key] = channel if status == 0 else None
            if status == 0:
                self._use_voices(channel)
        return self._channels[key]

    def _use_voices(self, channel: int) -> None:
        """Use every voice once, unheard: one that was never used begins its first note more softly than all others."""
        for velocity in (40, 80, 120):
            for midi in range(128):
                self._library.fluid_synth_noteon(self._synth, channel, midi, velocity)
        self._write(1)
        self._library.fluid_synth_all_sounds_off(self._synth, channel)
        self._write(1)

    def _write(self, n_blocks: int) -> FloatArray:
        n = n_blocks * _BLOCK_SAMPLES
        out = np.empty((2, n), np.float32)
        left, right = out[0].ctypes.data, out[1].ctypes.data
        self._library.fluid_synth_write_float(self._synth, n, left, 0, 1, right, 0, 1)
        return out


def _checked_size(path: Path) -> int:
    """Return the size of a SoundFont in bytes. Raises SoundFontBad where it is none, or where its end is missing.

    The library would try what it cannot read as another format, whose own library writes to the terminal.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
        n_bytes = path.stat().st_size
    except OSError as error:
        raise SoundFontBad(path=path, detail=error.strerror or _DAMAGED) from None
    if (
        len(head) < 12
        or head[:4] != b"RIFF"
        or head[8:] != b"sfbk"
        or int.from_bytes(head[4:8], "little") + 8 > n_bytes
    ):
        raise SoundFontBad(path=path, detail=_DAMAGED)
    return n_bytes


def _trimmed(wave: FloatArray) -> FloatArray:
    """Return the wave without what is below -70 dB at its end, faded out, and as one side where both are the same."""
    if np.array_equal(wave[0], wave[1]):
        wave = wave[:1]
    loudest = max(wave.max(), -wave.min())
    if loudest == 0.0:
        return np.zeros(0, np.float32)
    # From the end on, in pieces: most notes are heard until near it.
    for first in range((wave.shape[1] - 1) // _TRIM_SAMPLES * _TRIM_SAMPLES, -1, -_TRIM_SAMPLES):
        level = np.abs(wave[:, first : first + _TRIM_SAMPLES]).max(axis=0)
        if level.max() > _QUIET * loudest:
            end = first + int(np.flatnonzero(level > _QUIET * loudest)[-1]) + 1
            break
    out = wave[:, : end + _TRIM_SAMPLES].copy()
    n = min(_TRIM_SAMPLES, out.shape[1])
    out[:, -n:] *= np.linspace(1.0, 0.0, n, dtype=np.float32)
    return out[0] if out.shape[0] == 1 else out
