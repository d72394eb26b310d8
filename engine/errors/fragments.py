# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of fragments."""

from __future__ import annotations

from engine.errors.root import UserError


class FragmentsBusy(UserError):
    template = "Another station writes fragments into “{folder}” already: end it, or name another folder."


class AllSlotsFrozen(UserError):
    template = "All {n_slots} slots are frozen: release one, and the next fragment has a place."


class SlotFrozen(UserError):
    template = "Slot {number} is frozen: release it first."


class LoopsNeedTempo(UserError):
    template = "Loops last whole bars at the tempo of the set: name it by --bpm."


class LoopLacksBars(UserError):
    template = "Whole bars at {tempo_bpm:g} bpm were not found in what was made: another prompt may bring them."


class PagesLackPart(UserError):
    template = "What serves pages is not installed: “infiniloop models setup serve” puts it in."


class MoreRefused(UserError):
    template = "By OSC {n} more were refused within a second: look at what sends them."
