# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip's time says how long the next clips will take on this machine, before they are made."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

SAID = (
    QT_TRANSLATE_NOOP("ClipTime", "about {making} for"),
    QT_TRANSLATE_NOOP("ClipTime", "kept to {clip} of"),
    QT_TRANSLATE_NOOP("ClipTime", "under 1 s for"),
    QT_TRANSLATE_NOOP("ClipTime", "About {making} for a clip of {clip}, by those that this machine has made."),
    QT_TRANSLATE_NOOP("ClipTime", "Before the first one the model is loaded, which takes about {load}."),
    QT_TRANSLATE_NOOP("ClipTime", "They are only so long that one is made while a loop plays."),
    QT_TRANSLATE_NOOP(
        "ClipTime", "That is longer than a loop plays at least, so loops will play on until one is there."
    ),
    QT_TRANSLATE_NOOP("ClipTime", "The composer bridges the time until one is there."),
    QT_TRANSLATE_NOOP("ClipTime", "Under 1 s for a clip of {clip}, by those that this machine has made."),
)
"""Words and sentences of a clip's time, to be translated; the first three go before the duration that is asked for."""


def seconds_in_words(seconds: float) -> str:
    """Return ``30 s`` or ``1 min 05 s`` in the person's language."""
    if seconds < 60:
        return QCoreApplication.translate("GeneratePanel", "{seconds} s").format(seconds=round(seconds))
    minutes, rest = divmod(round(seconds), 60)
    text = QCoreApplication.translate("GeneratePanel", "{minutes} min {seconds:02d} s")
    return text.format(minutes=minutes, seconds=rest)


@dataclass(frozen=True, slots=True)
class ClipTime:
    """The clip's time is what is expected of the next clips.

    Attributes
    ----------
    clip_s
        How long they are, seconds.
    making_s, load_s
        How long one takes to make, and what goes before the first, seconds.
    is_late
        Whether that is too long to be made while a loop plays.
    is_shorter
        Whether they are shorter than asked for, so that they are not late.
    is_bridged
        Whether another generator bridges the time until one is there.
    """

    clip_s: float
    making_s: float
    load_s: float = 0.0
    is_late: bool = False
    is_shorter: bool = False
    is_bridged: bool = False

    def note(self) -> str:
        """Return it in short, in the person's language, to stand before the duration that is asked for."""
        said = SAID[1] if self.is_shorter else SAID[2] if self._is_quick else SAID[0]
        return _said(said).format(making=seconds_in_words(self.making_s), clip=seconds_in_words(self.clip_s))

    def sentences(self) -> str:
        """Return all that there is to say, in the person's language, a line for each sentence."""
        taken = _said(SAID[8] if self._is_quick else SAID[3])
        sentences = [taken.format(making=seconds_in_words(self.making_s), clip=seconds_in_words(self.clip_s))]
        if self.load_s >= 1.0:
            sentences.append(_said(SAID[4]).format(load=seconds_in_words(self.load_s)))
        sentences += [
            _said(words)
            for words, is_so in ((SAID[5], self.is_shorter), (SAID[6], self.is_late), (SAID[7], self.is_bridged))
            if is_so
        ]
        return "\n".join(sentences)

    @property
    def _is_quick(self) -> bool:
        """Return whether one takes less than the seconds that are told."""
        return self.making_s < 0.95


def _said(words: object) -> str:
    return QCoreApplication.translate("ClipTime", str(words))
