# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists the words to which a control of MIDI can be bound, as the window offers them by places."""

from __future__ import annotations

from collections.abc import Mapping

from engine.values.jam import JAM_BARS, N_SLOTS, LayerName, SwapAt

KNOB_WORDS = ("gain", "lowpass", "highpass", "resonance", "reverb", "room", "delay", "feedback", "wah")
HELD_WORDS = (
    *(f"stutter 1/{n}" for n in (2, 4, 8)),
    *(f"repeat {beats}" for beats in ("2", "1", "1/2", "1/4")),
    "tape-stop",
    "brake",
    "gate",
)
LAYER_WORDS = ("make", "mute", "solo", "endless", "back", "forward", "call-off", "silence", "reseed")
WHOLE_WORDS = (
    "play",
    "start",
    "stop",
    "record",
    "tempo",
    *(f"bars {n}" for n in JAM_BARS),
    *(f"swap {at}" for at in SwapAt),
    *(f"scene {number}" for number in range(1, N_SLOTS + 1)),
    "make-together drums instruments",
    "arm on",
    "arm off",
    "studio start",
    "studio stop",
    "studio save",
)


def bindable() -> Mapping[str, tuple[str, ...]]:
    """Return the words by place: "" is the whole jam, then “mix” and each layer."""
    words = {"": WHOLE_WORDS, "mix": _of_place("mix")}
    for name in LayerName:
        own = tuple(f"{verb} {name}" for verb in LAYER_WORDS)
        slots = tuple(f"slot {name} {number}" for number in range(1, N_SLOTS + 1))
        words[str(name)] = (*own, *slots, *_of_place(name))
    return words


def _of_place(place: str) -> tuple[str, ...]:
    return (*(f"{knob} {place}" for knob in KNOB_WORDS), *(f"hold {place} {effect}" for effect in HELD_WORDS))
