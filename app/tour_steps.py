# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the tour, as a table. To add one: an entry here, its Italian in ``resources/translations/it.ts``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class TourStep:
    """A step of the tour points at places in the window, and says in a sentence or two what they are for.

    Attributes
    ----------
    title, text
        In English; translated where they are shown.
    panels
        Names of the panels that it points at; of those that share one place the first is brought to the front.
    controls
        Tells what else it points at.
    """

    title: str
    text: str
    panels: tuple[str, ...] = ()
    controls: Callable[[MainWindow], tuple[QWidget, ...]] = lambda _window: ()


STEPS = (
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Say what you want to hear")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Type a style, a tempo, a mood, and press AVVIA: music starts at once and never stops. Below the "
                "prompt stands what was understood.",
            )
        ),
        controls=lambda window: (
            window.prompt_bar.edit,
            window.prompt_bar.start_button,
            window.prompt_bar.understood_row,
        ),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "What plays, and what comes")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "The card tells what you hear. The next loop is made meanwhile: music in hand says how long it would "
                "go on without it.",
            )
        ),
        panels=("now_playing", "next"),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "See the loop")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "The part on the coloured ground repeats: drag its edges, turn the wheel to zoom. The seam, where its "
                "end meets its start, is drawn down to single samples.",
            )
        ),
        panels=("waveform", "spectrogram", "seam_scope"),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "From loop to loop")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Length says how long one loop blends into the next, and its end into its own start. Below stand where "
                "the next one comes in, and whether beats and basses are matched.",
            )
        ),
        panels=("overlap",),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Why it loops")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Candidates are the loops that were found, the score map shows every other one, and the metrics say "
                "what speaks for the one that plays. A click plays another.",
            )
        ),
        panels=("candidates", "score_map", "metrics"),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Take it with you")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "SALVA writes the loop, or drag the card into a folder or a DAW. Drop sounds of yours on the window, "
                "and they loop too. F1 explains any panel.",
            )
        ),
        panels=("now_playing",),
        controls=lambda window: (window.prompt_bar.save_button, window.prompt_bar.menu_button),
    ),
)
