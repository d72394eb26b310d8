# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures and keys are written as the language writes them, in whatever sentence they stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from pytestqt.qtbot import QtBot

from app.paths import RESOURCES
from app.translations import TsTranslator, line, read_ts, sentence
from engine.errors import ClipTooShort
from engine.session.options import Happening
from engine.values import Meters
from widgets.figures import Figure, key_name
from widgets.output_panel import OutputPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def italian(qapp: QCoreApplication) -> Iterator[None]:
    translator, before = TsTranslator(read_ts(RESOURCES / "translations" / "it.ts")), QLocale()
    qapp.installTranslator(translator)
    QLocale.setDefault(QLocale("it"))
    yield
    QLocale.setDefault(before)
    qapp.removeTranslator(translator)


def test_a_figure_is_written_as_it_is_asked_for() -> None:
    assert f"{Figure(-1.25):.1f} · {Figure(85.0):g} · {Figure(-3):z.0f}" == "−1.2 · 85 · −3"


def test_in_italian_a_comma_parts_the_decimals(italian: None, qtbot: QtBot) -> None:
    assert f"{Figure(-1.25):.1f} · {Figure(85.0):g} · {Figure(121.9):g}" == "−1,2 · 85 · 121,9"
    panel = OutputPanel()
    qtbot.addWidget(panel)
    panel.set_meters(Meters(-4.3, -15.6))
    assert (panel.header.info, panel.true_peak_button.text()) == ("−15,6 LUFS", "picco reale −4,3 dBTP")
    assert "0,30 s" in sentence(ClipTooShort(duration_s=0.3, minimum_s=0.5))
    kept = Happening("Kept the last {minutes:.1f} min in {path}", {"minutes": 0.7, "path": "a.b"})
    assert line(kept) == "Tenuti gli ultimi 0,7 min in a.b"


def test_a_key_is_named_in_the_language(italian: None) -> None:
    assert [key_name(key) for key in ("A minor", "F# major", "Eb minor")] == ["La minore", "Fa# maggiore", "Mib minore"]
    assert [key_name(key) for key in ("D dorian", "E harmonic minor")] == ["Re dorico", "Mi minore armonica"]
    assert [key_name(word) for word in ("lofi", "85 bpm", "A", "C minor thing")] == [
        "lofi",
        "85 bpm",
        "A",
        "C minor thing",
    ]


def test_in_english_a_key_stays_as_it_is() -> None:
    assert key_name("Bb minor") == "Bb minor"
