# SPDX-License-Identifier: GPL-3.0-or-later
"""This module decides what a file made of another one keeps of that file's texts and pictures, and what it drops."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Self

from engine.library.comments import Commented
from engine.library.iff import Form
from engine.library.layouts import USUAL_MASKS
from engine.library.soundfiles import MAX_CHANNELS, AudioPath, decoding, opened
from engine.library.tagvalues import is_loop_name
from engine.library.texts import Picture, put_texts, read_texts

_FORMS = ("WAV", "WAVEX", "RF64", "AIFF")
_UNTRUE = re.compile(
    r"(LOOP|INFINILOOP_|REPLAYGAIN|R128_|CUE|CHAPTER|ENCOD|ACOUSTID|ITUN(SMPB|NORM)|MARKER)"
    r"|(LENGTH|DURATION|TLEN|TSIZ|MD5.*|WAVEFORMATEXTENSIBLE_CHANNEL_MASK|BARS)$"
)
"""Names of texts that were true of the read file only: loops, recipe, loudness, length, places, how it was encoded."""
_MASK_NAME = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"
_MASK_LIMIT = 2**32
_EXTENSIBLE = 0xFFFE
_FMT_MASK_AT, _FMT_EXTENSIBLE_BYTES = 20, 40
_SMPL_HEAD = struct.Struct("<9I")
_INST_BYTES = 7
_WAV_INST = struct.Struct("<B6b")  # note, fine tuning (cents), gain (dB), lowest and highest note and velocity
_AIFF_INST = struct.Struct(">6bh")  # note, detune (cents), lowest and highest note and velocity, gain (dB)
_MAX_NOTE = 127
# flags, root note, unknown, unknown, beats, metre's lower and upper number, tempo
_ACID = struct.Struct("<IHHfIHHf")
_ACID_NO_ROOT_NOTE, _ACID_UNKNOWN = 60, 0x8000
_ACID_STRETCHES = 4
_QUARTERS = 4
_SAME_BEAT = 0.1
"""Share of a beat by which a file may miss whole beats and still last them."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The tempo of a file that is a loop of whole beats, and how many it has; a bar has ``beats_per_bar``."""

    tempo_bpm: float
    beats: int
    beats_per_bar: int = 4


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a file: its texts, its pictures and what its chunks say.

    Attributes
    ----------
    texts
        By upper-case names as Vorbis comments have (TITLE, ARTIST, ALBUM, BPM…).
    sampler, instrument
        As a WAV file has them: the first 36 bytes of its ``smpl`` chunk (note and tuning), and its ``inst`` chunk.
    channel_mask
        Which loudspeakers the channels are for, a bit each; None where the file does not say.
    rhythm
        Of a file that is a loop.
    """

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    sampler: bytes | None = None
    instrument: bytes | None = None
    channel_mask: int | None = None
    rhythm: Rhythm | None = None

    def with_texts(self, **texts: str | None) -> Self:
        """Return the same with these texts, in place of those of their names; None leaves what there is."""
        return replace(self, texts={**self.texts, **{name: (text,) for name, text in texts.items() if text}})

    def with_tempo(self, tempo_bpm: float | None) -> Self:
        """Return the same with a tempo; None leaves what there is."""
        return self.with_texts(BPM=None if tempo_bpm is None else f"{tempo_bpm:.2f}".rstrip("0").rstrip("."))

    def with_loop(self, n_samples: int, sample_rate: int, tempo_bpm: float | None, bars: int | None) -> Self:
        """Return the same for a file that is a loop of so many samples, with the tempo and bars that are known."""
        if tempo_bpm is None:
            return self
        beats = round(n_samples / sample_rate * tempo_bpm / 60.0)
        if beats < 1:
            return self.with_tempo(tempo_bpm)
        exact_bpm = beats * 60.0 * sample_rate / n_samples
        is_whole = abs(n_samples / sample_rate * tempo_bpm / 60.0 - beats) < _SAME_BEAT
        made = self.with_tempo(exact_bpm if is_whole else tempo_bpm)
        if bars:
            made = made.with_texts(BARS=str(bars))
        if not is_whole:
            return made
        in_bar = beats // bars if bars and beats % bars == 0 else _QUARTERS
        return replace(made, rhythm=Rhythm(exact_bpm, beats, in_bar))

    def mask_for(self, n_channels: int) -> int | None:
        """Return the channels' loudspeakers, for a file of so many channels; None for the usual one or two."""
        mask = self.channel_mask
        if mask is None or mask.bit_count() != n_channels:
            return None
        return None if n_channels <= len("LR") and mask == USUAL_MASKS[n_channels] else mask


def kept_metadata(path: AudioPath) -> Metadata:
    """Return the metadata that a file made of this one's sound may keep: all that stays true.

    Title, artist, album and every other text, pictures, a sampler's note and tuning, the channels' loudspeakers stay;
    loops, cue points, ReplayGain, lengths and how it was encoded do not. Damaged tags count as none.

    Raises
    ------
    FileMissing, CannotRead, NotAudio
    """
    with decoding(path, MAX_CHANNELS) as file:
        container, n_channels = file.format, file.channels
        name = file.subtype if container == "OGG" else container
    kind = Commented(name) if name in set(Commented) else None
    if kind is None and container not in _FORMS:
        return Metadata()
    with opened(path) as handle:
        texts, pictures = read_texts(handle, kind)
        kept = Metadata({name: texts[name] for name in texts if not _is_untrue(name)}, pictures)
        if kind is None:
            try:
                return _with_chunks(kept, Form(handle))
            except ValueError:
                return kept
    mask = _mask_of(texts.get(_MASK_NAME, ("",))[0])
    if n_channels > len("LR") and kind is not Commented.MP3:
        mask = mask or USUAL_MASKS.get(n_channels)
    return replace(kept, channel_mask=mask)


def put_metadata(
    handle: BinaryIO, kind: Commented | None, metadata: Metadata, *, sample_rate: int, n_channels: int
) -> tuple[str, ...]:
    """Write metadata into a new file, open for both; ``kind`` None is WAV.

    Returns what the format has no room for and is left out, in words. Raises ValueError.
    """
    mask = metadata.mask_for(n_channels)
    texts = dict(metadata.texts)
    if kind is Commented.FLAC and mask is not None and mask != USUAL_MASKS[n_channels]:
        texts[_MASK_NAME] = (f"0x{mask:04X}",)
    left_out: tuple[str, ...] = ()
    if texts or metadata.pictures:
        left_out = put_texts(handle, kind, texts, metadata.pictures)
    if kind is not None:
        return left_out
    form = Form(handle)
    fmt = form.body(b"fmt ") or b""
    if mask is not None and len(fmt) >= _FMT_EXTENSIBLE_BYTES:
        form.put(b"fmt ", fmt[:_FMT_MASK_AT] + struct.pack("<I", mask) + fmt[_FMT_MASK_AT + 4 :])
    if metadata.sampler is not None:
        fields = list(_SMPL_HEAD.unpack(metadata.sampler))
        fields[2], fields[7:] = round(1e9 / sample_rate), [0, 0]
        form.put(b"smpl", _SMPL_HEAD.pack(*fields))
    if metadata.instrument is not None:
        form.put(b"inst", metadata.instrument)
    rhythm = metadata.rhythm
    if rhythm is not None:
        numbers = rhythm.beats, _QUARTERS, rhythm.beats_per_bar, rhythm.tempo_bpm
        form.put(b"acid", _ACID.pack(_ACID_STRETCHES, _ACID_NO_ROOT_NOTE, _ACID_UNKNOWN, 0.0, *numbers))
    return left_out


def _with_chunks(kept: Metadata, form: Form) -> Metadata:
    """Return the same with what chunks of WAV and AIFF say of a sampler and of the channels. Raises ValueError."""
    if form.kind == b"FORM":
        return _with_aiff_instrument(kept, form.body(b"INST") or b"")
    smpl, inst, fmt = form.body(b"smpl") or b"", form.body(b"inst"), form.body(b"fmt ") or b""
    mask = None
    if len(fmt) >= _FMT_EXTENSIBLE_BYTES and struct.unpack_from("<H", fmt)[0] == _EXTENSIBLE:
        mask = struct.unpack_from("<I", fmt, _FMT_MASK_AT)[0] or None
    return replace(
        kept,
        sampler=smpl[: _SMPL_HEAD.size] if len(smpl) >= _SMPL_HEAD.size else None,
        instrument=inst if inst is not None and len(inst) == _INST_BYTES else None,
        channel_mask=mask,
    )


def _with_aiff_instrument(kept: Metadata, inst: bytes) -> Metadata:
    """Return the same with the note and the tuning of an AIFF file's instrument, in the words of WAV.

    AIFF's detune is by how many cents the sound is to be played higher, the fraction of ``smpl`` by how much of a
    semitone above its note the sound lies: the one is the other's opposite.
    """
    if len(inst) < _AIFF_INST.size:
        return kept
    note, detune, low_note, high_note, low_velocity, high_velocity, gain = _AIFF_INST.unpack_from(inst)
    if not 0 <= note <= _MAX_NOTE:
        return kept
    semitones, fraction = divmod(round(-detune * 2**32 / 100), 2**32)
    sampler = _SMPL_HEAD.pack(0, 0, 0, min(max(note + semitones, 0), _MAX_NOTE), fraction, 0, 0, 0, 0)
    cents, level = min(max(detune, -50), 50), min(max(gain, -128), 127)
    ranges = (low_note, high_note, low_velocity, high_velocity)
    instrument = None if min(ranges) < 0 else _WAV_INST.pack(note, cents, level, *ranges)
    return replace(kept, sampler=sampler, instrument=instrument)


def _is_untrue(name: str) -> bool:
    return is_loop_name(name) or _UNTRUE.match(name.upper()) is not None


def _mask_of(text: str) -> int | None:
    """Return the loudspeakers that a comment names; None where it cannot be such a number."""
    try:
        mask = int(text, 0)
    except ValueError:
        return None
    return mask if 0 < mask < _MASK_LIMIT else None
