# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of MIDI become messages, and maps say what their controls do."""

from __future__ import annotations

import pytest

from engine.values.midi import MidiControl, MidiKind, MidiMap, midi_message

CC_20 = MidiControl(MidiKind.CC, 20)
PAD = MidiControl(MidiKind.NOTE, 36, 10)


def test_bytes_are_read_as_the_standard_has_them() -> None:
    pad, released, knob, wheel = (
        midi_message(bytes(one), 3.0, "pads")
        for one in ((0x99, 36, 100), (0x89, 36, 64), (0xB2, 20, 127), (0xE0, 0, 64))
    )
    assert pad is not None
    assert released is not None
    assert knob is not None
    assert wheel is not None
    assert (pad.control, pad.value, pad.at_s, pad.port) == (PAD, 100 / 127, 3.0, "pads")
    assert (released.control, released.value) == (PAD, 0.0)
    assert (knob.control, knob.value) == (MidiControl(MidiKind.CC, 20, 3), 1.0)
    assert (wheel.control, wheel.value) == (MidiControl(MidiKind.PITCH, 0, 1), 8192 / 16383)
    again = midi_message(bytes((0x99, 36, 0)))
    assert again is not None
    assert again.value == 0.0, "a note of no velocity is a release"
    for other in (b"", b"\xf8", b"\xc0\x05", b"\xf2\x00\x10", b"\x90\x24\xff", b"\xf0\x01\x02\xf7"):
        assert midi_message(other) is None


@pytest.mark.parametrize("text", ["cc 20", "note 36 channel 10", "pitch", "pitch channel 3"])
def test_a_control_is_written_as_it_is_read(text: str) -> None:
    assert str(MidiControl.read(text)) == text


@pytest.mark.parametrize("text", ["", "cc", "cc x", "cc 128", "cc 20 channel 17", "cc 20 channel", "knob 3", "pitch 2"])
def test_what_is_no_control_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        MidiControl.read(text)


def test_what_is_ones_own_goes_before_the_studios() -> None:
    usual = MidiMap({CC_20: "gain drums", MidiControl(MidiKind.CC, 21): "gain bass"})
    heard = MidiControl(MidiKind.CC, 20, 7)
    assert usual.found(heard) == (CC_20, "gain drums")
    mine = usual.bound(MidiControl(MidiKind.CC, 5, 1), "gain drums")
    assert mine.found(heard) is None, "the words have another control now"
    assert list(mine.of("gain drums")) == [MidiControl(MidiKind.CC, 5, 1)]
    again = mine.bound(MidiControl(MidiKind.CC, 6, 1), "gain drums")
    assert list(again.of("gain drums")) == [MidiControl(MidiKind.CC, 6, 1)]
    other = usual.bound(heard, "reverb mix")
    assert other.found(heard) == (heard, "reverb mix"), "the control of that channel, before that of any"
    assert other.found(MidiControl(MidiKind.CC, 20, 1)) == (CC_20, "gain drums")
    nothing = usual.unbound(CC_20)
    assert nothing.found(heard) is None
    assert nothing.own == {CC_20: ""}
    assert again.unbound(MidiControl(MidiKind.CC, 6, 1)).bindings() == usual.bindings()
