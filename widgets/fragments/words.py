# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what fragments are in words: how old, how long, what became of one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.values.fragments import FragmentMaking, FragmentReady, FragmentSilent, FragmentSlot
from widgets.figures import Figure


def tr(text: str) -> str:
    """Return a text of the panel's in the person's language."""
    return QCoreApplication.translate("FragmentsPanel", text)


def age_words(seconds: float) -> str:
    """Return how old something is, in whole units: “12 s”, “3 min”, “5 h”, “2 d”."""
    whole = max(int(seconds), 0)
    for unit_s, words in ((86_400, tr("{n} d")), (3600, tr("{n} h")), (60, tr("{n} min"))):
        if whole >= unit_s:
            return words.format(n=whole // unit_s)
    return tr("{n} s").format(n=whole)


def ready_words(fact: FragmentReady) -> str:
    """Return what was written: “3.2 s → output03.wav (archive/output017.wav), 5.0 s long”."""
    seconds = tr("{seconds} s").format(seconds=f"{Figure(fact.making_s):.1f}")
    if fact.slot is None:
        return tr("{seconds} → archive/{archived} alone: all slots are frozen").format(
            seconds=seconds, archived=fact.archived
        )
    lasts = tr("{seconds} s long").format(seconds=f"{Figure(fact.slot.duration_s):.1f}")
    return f"{seconds} → output{fact.slot.number:02}.wav (archive/{fact.archived}), {lasts}"


def silent_words(fact: FragmentSilent) -> str:
    """Return that nothing was heard in what was made."""
    return tr("“{prompt}” came out silent: no slot is used up").format(prompt=fact.prompt)


def making_words(making: FragmentMaking) -> str:
    """Return what is being made, how far that is and how long it takes still."""
    stage = QCoreApplication.translate("NextPanel", making.stage) if making.stage else tr("starting")
    words = [stage[:1].upper() + stage[1:]]
    if making.fraction is not None:
        words.append(f"{round(100 * making.fraction)} %")
    if making.left_s is not None:
        words.append(tr("{left} left").format(left=age_words(making.left_s + 0.5)))
    words.append(making.prompt)
    return " · ".join(words)


def slot_words(slot: FragmentSlot, *, is_next: bool) -> str:
    """Return what a slot holds in one line, as a screen reader says it, but for how old it is."""
    words = [tr("Slot {number}").format(number=slot.number)]
    if slot.is_filled:
        duration = tr("{seconds} s").format(seconds=f"{Figure(slot.duration_s):.1f}")
        words += [slot.prompt or tr("of unknown origin"), duration]
    else:
        words.append(tr("a folder has its name") if slot.is_blocked else tr("empty"))
    if slot.is_frozen:
        words.append(tr("frozen"))
    if slot.is_taken:
        words.append(tr("taken"))
    if is_next:
        words.append(tr("next"))
    if slot.own_prompt:
        words.append(tr("its own prompt: {prompt}").format(prompt=slot.own_prompt))
    return ", ".join(words)


def blocked_words(slot: FragmentSlot) -> str:
    """Return why a slot cannot be filled, and the way out; "" where it can."""
    if not slot.is_blocked:
        return ""
    return tr("A folder stands where “{path}” is to be: move it away, and the slot is filled again").format(
        path=slot.path
    )


def empty_words(slot: FragmentSlot) -> str:
    """Return what stands in an empty slot: why it is one, the prompt that it keeps, or that it is empty."""
    return tr("a folder has its name") if slot.is_blocked else slot.own_prompt or tr("empty")
