# SPDX-License-Identifier: GPL-3.0-or-later
"""Fragments are short sounds for a performer, which take turns in the slots of a folder: what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import StudioError

USUAL_SLOTS, MOST_SLOTS = 8, 99
"""Number of slots where none is told, and the largest one."""
PEAK_BINS = 96
"""Number of peaks by which a slot's sound is drawn."""


class FragmentMode(StrEnum):
    """A mode says when the next fragment is made."""

    BY_HAND = "by-hand"
    """Mode in which each is asked for."""
    EVERY = "every"
    """Mode in which one is begun every so many seconds."""
    WHEN_TAKEN = "when-taken"
    """Mode in which one is made when the performer took one, and while a slot is empty."""


@dataclass(frozen=True, slots=True)
class FragmentSlot:
    """A slot is a file of the folder, which holds a fragment or is not there.

    Attributes
    ----------
    number
        From 1 on.
    path
        Of its file, whether it is there or not.
    is_filled
        Whether the file is there.
    prompt
        By which its sound was made; "" where that is not known.
    own_prompt
        The prompt that is kept for this slot; "" takes the next of the rotation.
    written_s
        When it was written, seconds since 1970; None for an empty slot.
    duration_s
        How long its sound lasts, seconds.
    archived
        Name of the sound in the archive, without its folder; "" where that is not known.
    is_frozen
        Whether the circle leaves it out.
    is_blocked
        Whether a folder stands in the place of its file, so that the circle leaves it out.
    is_taken
        Whether the performer took it since it was written.
    peaks
        The highest samples of ``PEAK_BINS`` equal parts of it, in [0, 1]; nothing for an empty slot.
    """

    number: int
    path: str
    is_filled: bool = False
    prompt: str = ""
    own_prompt: str = ""
    written_s: float | None = None
    duration_s: float = 0.0
    archived: str = ""
    is_frozen: bool = False
    is_blocked: bool = False
    is_taken: bool = False
    peaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FragmentMaking:
    """This is the fragment that is being made.

    Attributes
    ----------
    slot
        The slot that it is made for, or None for the next of the circle.
    stage, fraction, left_s
        As its generator's ``Progress`` tells them.
    """

    prompt: str
    slot: int | None = None
    stage: str = ""
    fraction: float | None = None
    left_s: float | None = None


@dataclass(frozen=True, slots=True)
class FragmentsState:
    """This state is all that is shown of a folder of fragments.

    Attributes
    ----------
    next_slot
        The slot that is written next; None where all are frozen.
    every_s
        Seconds from the begin of one to the begin of the next, in the mode ``EVERY``.
    prompts
        The rotation: prompts that take turns, each perhaps with choices as “{rain|wind}”.
    n_waiting
        How many were asked for by hand and wait for the one that is made.
    newest
        The slot that was written last, by whichever station; None where all are empty.
    is_loops
        Whether loops are written, not trimmed sounds.
    """

    folder: str
    slots: tuple[FragmentSlot, ...]
    next_slot: int | None
    mode: FragmentMode = FragmentMode.BY_HAND
    every_s: float = 0.0
    prompts: tuple[str, ...] = ()
    making: FragmentMaking | None = None
    n_waiting: int = 0
    newest: int | None = None
    is_loops: bool = False


def written_last(slots: Sequence[FragmentSlot]) -> int | None:
    """Return the number of the slot that was written last, as far as their files tell; None where all are empty."""
    filled = [one for one in slots if one.written_s is not None]
    return max(filled, key=lambda one: one.written_s or 0.0).number if filled else None


@dataclass(frozen=True, slots=True)
class FragmentReady:
    """This fact says that a fragment was written.

    Attributes
    ----------
    slot
        As it is now; None where it came into the archive alone, as all slots were frozen meanwhile.
    archived
        Name of the sound in the archive.
    making_s
        How long it took to make, seconds.
    """

    slot: FragmentSlot | None
    prompt: str
    archived: str
    making_s: float


@dataclass(frozen=True, slots=True)
class FragmentSilent:
    """This fact says that nothing was heard in what was made: no slot and no number is used up."""

    prompt: str
    making_s: float


@dataclass(frozen=True, slots=True)
class FragmentFailed:
    """This fact says that there is no fragment, and why."""

    prompt: str
    error: StudioError


FragmentFact = FragmentReady | FragmentSilent | FragmentFailed
"""One of these is told of each fragment that was asked for."""
