# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the tours, as tables. To add one: an entry here, its Italian in ``resources/translations/it.ts``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QWidget

from app.layouts import INSPECT, JAM, Layout
from engine.values.jam import LayerName

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


@dataclass(frozen=True, slots=True)
class Route:
    """A route is a tour's steps, in a layout; ``entry`` is its place in the menu, in English."""

    entry: str
    layout: Layout
    steps: tuple[TourStep, ...]


STUDIO_STEPS = (
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

JAM_STEPS = (
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Start the jam")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Start, or Space, has drums and instruments made, and plays them from the same bar on. Tempo, key and "
                "metre stand beside it: every loop follows them.",
            )
        ),
        controls=lambda window: (window.jam_panel.groove_bar,),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Say what each layer plays")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Type what the next loop is to be, or throw the dice, and press Make, or Enter. What plays goes on "
                "until the new loop is there.",
            )
        ),
        controls=lambda window: (
            window.jam_panel.strips[LayerName.DRUMS].prompt_edit,
            window.jam_panel.strips[LayerName.DRUMS].dice_button,
            window.jam_panel.strips[LayerName.DRUMS].make_button,
        ),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "See what comes")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "A loop that is queued says in how many bars it comes, and can be called off. The arrows bring back "
                "the loop before, or the one after.",
            )
        ),
        controls=lambda window: (
            window.jam_panel.strips[LayerName.DRUMS].wave,
            window.jam_panel.strips[LayerName.DRUMS].comes_label,
            window.jam_panel.strips[LayerName.DRUMS].back_button,
            window.jam_panel.strips[LayerName.DRUMS].forward_button,
        ),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Keep loops in slots")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Hold a slot to lay what plays into it, tap it to queue what lies there. A loop of any tempo is "
                "stretched to the jam's.",
            )
        ),
        controls=lambda window: (window.jam_panel.strips[LayerName.DRUMS].slots,),
    ),
    TourStep(
        str(QT_TRANSLATE_NOOP("Tour", "Play, and record")),
        str(
            QT_TRANSLATE_NOOP(
                "Tour",
                "Level, filter and room of each layer, mute and solo are in your hands as it plays. Record writes all "
                "of it into a file, in whole bars.",
            )
        ),
        controls=lambda window: (
            window.jam_panel.strips[LayerName.DRUMS].level,
            window.jam_panel.strips[LayerName.DRUMS].lowpass,
            window.jam_panel.strips[LayerName.DRUMS].reverb,
            window.jam_panel.groove_bar.record_button,
        ),
    ),
)

ROUTES = (
    Route(str(QT_TRANSLATE_NOOP("TourController", "Take the &tour")), INSPECT, STUDIO_STEPS),
    Route(str(QT_TRANSLATE_NOOP("TourController", "Tour of the &jam")), JAM, JAM_STEPS),
)
"""The routes; the first is the one that the welcome page offers."""
