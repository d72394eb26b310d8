# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says in the person's language what a model takes, how far it is here, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.values.assets import Asset, AssetKind, FetchProgress, Fit, Held
from widgets.figures import size_words

STAGES = (
    QT_TRANSLATE_NOOP("ModelsDialog", "asking the hub"),
    QT_TRANSLATE_NOOP("ModelsDialog", "asking the release"),
    QT_TRANSLATE_NOOP("ModelsDialog", "looking for packages"),
    QT_TRANSLATE_NOOP("ModelsDialog", "waiting for its turn"),
    QT_TRANSLATE_NOOP("ModelsDialog", "downloading"),
    QT_TRANSLATE_NOOP("ModelsDialog", "checking"),
    QT_TRANSLATE_NOOP("ModelsDialog", "installing"),
)
"""Words for what is being done, to be translated."""
LICENCES = (
    QT_TRANSLATE_NOOP("ModelsDialog", "CC-BY-NC-4.0: not for commercial use"),
    QT_TRANSLATE_NOOP("ModelsDialog", "MIT: free to use, also commercially"),
    QT_TRANSLATE_NOOP("ModelsDialog", "Apache-2.0: free to use, also commercially"),
    QT_TRANSLATE_NOOP(
        "ModelsDialog", "Stability AI Community: commercial use is free below a yearly revenue of a million US dollars"
    ),
    QT_TRANSLATE_NOOP(
        "ModelsDialog",
        "Stability AI Community: commercial use is free below a yearly revenue of a million US dollars; its text "
        "encoder has Google’s Gemma terms",
    ),
)
"""Licences of models in one line, to be translated; others are shown as they are declared."""
NOTHING = "–"
SOON_S = 90.0
"""Seconds below which a time is told in seconds."""


def tr(text: str) -> str:
    """Return a text in the person's language."""
    return QCoreApplication.translate("ModelsDialog", text)


def licence_words(words: str) -> str:
    """Return a licence in the person's language, where it is known."""
    return tr(words)


def name_words(one: Asset) -> str:
    """Return what a row is called."""
    if one.kind is AssetKind.WEIGHTS:
        return one.model
    return tr("Packages") if one.kind is AssetKind.EXTRA else tr("Program")


def memory_words(one: Asset) -> str:
    """Return how much memory it takes and how that fits."""
    if not one.memory_bytes:
        return NOTHING
    fit = {Fit.FITS: tr("fits"), Fit.TIGHT: tr("tight"), Fit.TOO_LARGE: tr("too large")}.get(one.fit, "")
    return " · ".join(filter(None, (size_words(one.memory_bytes), fit)))


def state_words(one: Asset, progress: FetchProgress | None) -> str:
    """Return how much of it is here, or how far it is."""
    if progress is None:
        return {Held.HERE: tr("installed"), Held.PARTLY: tr("partly here"), Held.MISSING: tr("not here")}[one.held]
    return progress_words(progress)


def progress_words(progress: FetchProgress) -> str:
    """Return words like “downloading · 40 % · 3 min left”."""
    words = [tr(progress.stage)]
    if progress.fraction is not None:
        words.append(tr("{percent} %").format(percent=int(100.0 * progress.fraction)))
    if progress.left_s is not None and progress.left_s < SOON_S:
        words.append(tr("{seconds} s left").format(seconds=max(round(progress.left_s), 1)))
    elif progress.left_s is not None:
        words.append(tr("{minutes} min left").format(minutes=round(progress.left_s / 60.0)))
    return " · ".join(words)


def deed_words(one: Asset, progress: FetchProgress | None, *, is_offline: bool) -> tuple[str, str]:
    """Return what the row's button says, and its tooltip; no words where there is nothing to be done."""
    if progress is not None and progress.can_cancel:
        deed = tr("Cancel"), tr("Fetch no more of this, and leave nothing half done")
    elif progress is not None:
        deed = "", tr("This is not broken off: it is done in a minute")
    elif one.held is Held.HERE:
        deed = (tr("Remove…"), tr("Remove it from this machine")) if one.can_remove else ("", tr("It is installed"))
    elif not one.can_get:
        own = tr("{generator} fetches it by itself, the first time it makes a clip with it")
        deed = "", own.format(generator=one.title)
    elif is_offline:
        deed = "", tr("The studio works offline: nothing is fetched")
    elif one.kind is AssetKind.EXTRA:
        deed = tr("Set up"), tr("Install the packages into the studio’s own environment")
    else:
        is_begun = one.held is Held.PARTLY
        deed = (tr("Go on"), tr("Fetch what is missing")) if is_begun else (tr("Get"), tr("Fetch it"))
    return deed


def note_words(one: Asset, said: str) -> str:
    """Return what is to be said of a chosen asset: ``said``, its licence, what it needs, where it is."""
    words = [said]
    if one.licence is not None and not one.licence.is_commercial:
        limits = tr("What it makes is under the licence {licence}; recipes and files say so.")
        words.append(limits.format(licence=licence_words(one.licence.words)))
    elif one.licence is not None:
        # Its column is too narrow for some.
        words.append(licence_words(one.licence.words) + ".")
    if one.fit is Fit.TOO_LARGE:
        words.append(tr("It needs more memory than this machine has."))
    if not one.can_get and one.held is Held.MISSING:
        words.append(deed_words(one, None, is_offline=False)[1] + ".")
    where = tr("From {source}").format(source=one.source) if one.source else ""
    words.append(tr("{source}, in {place}").format(source=where, place=one.place) if one.place else where)
    return "\n".join(filter(None, words))
