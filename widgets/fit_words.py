# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says tempo and key of a clip beside those that were asked for, in few words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.values import Fit, KeyFit, TempoFit
from widgets.figures import Figure, key_name


def tempo_words(bpm: float | None, fit: TempoFit | None) -> str:
    """Return a tempo, and how it stands to the one asked for if one was; "" where there is none to tell."""
    if fit is None:
        return "" if bpm is None else QCoreApplication.translate("FitWords", "{tempo} bpm").format(tempo=_bpm(bpm))
    match fit.fit:
        case Fit.AS_ASKED:
            words = QCoreApplication.translate("FitWords", "{tempo} bpm as asked")
        case Fit.DOUBLE:
            words = QCoreApplication.translate("FitWords", "{tempo} bpm, twice {asked}")
        case Fit.HALF:
            words = QCoreApplication.translate("FitWords", "{tempo} bpm, half of {asked}")
        case Fit.NOT_HEARD:
            words = QCoreApplication.translate("FitWords", "no tempo heard, {asked} bpm asked")
        case _:
            words = QCoreApplication.translate("FitWords", "{tempo} bpm, not {asked}")
    return words.format(tempo=_bpm(fit.measured_bpm or 0.0), asked=_bpm(fit.asked_bpm))


def key_words(key: str | None, fit: KeyFit | None) -> str:
    """Return a key, and how it stands to the one asked for if one was; "" where there is none to tell."""
    if fit is None:
        return key_name(key) if key else ""
    match fit.fit:
        case Fit.AS_ASKED:
            words = QCoreApplication.translate("FitWords", "{key} as asked")
        case Fit.RELATIVE:
            words = QCoreApplication.translate("FitWords", "{key}, relative of {asked}")
        case Fit.NOT_HEARD:
            words = QCoreApplication.translate("FitWords", "no key heard, {asked} asked")
        case _:
            words = QCoreApplication.translate("FitWords", "{key}, not {asked}")
    return words.format(key=key_name(fit.measured or ""), asked=key_name(fit.asked))


def stretch_words(speed: float) -> str:
    """Return by how much a clip was stretched to its tempo; "" where it was not."""
    if speed == 1.0:
        return ""
    by = f"{Figure(round(100.0 * (speed - 1.0), 1)):+g}"
    return QCoreApplication.translate("FitWords", "stretched, {by} %").format(by=by)


def _bpm(bpm: float) -> str:
    return f"{Figure(round(bpm, 1)):g}"
