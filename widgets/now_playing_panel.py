# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of now playing shows title, artist, prompt, the music's facts, who made it, and how long it has played."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from engine.values import MusicFit, Recipe, TransportState
from widgets.controls import GAP_PX, ElidedLabel
from widgets.dragging import DragSource
from widgets.fit_words import key_words, stretch_words, tempo_words
from widgets.icon_button import HeartLabel
from widgets.panel import ControlPanel


class NowPlayingPanel(ControlPanel):
    """The now playing panel shows what plays, in six quiet lines that keep their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Now playing"))
        self._titles: dict[str, str] = {}
        self.set_generator_titles({})
        self.title_label = ElidedLabel("heading", self)
        self.artist_label = ElidedLabel("dim", self)
        self.prompt_label = ElidedLabel("value", self)
        self.facts_label = ElidedLabel("dim", self)
        self.maker_label = ElidedLabel("dim", self)
        self.progress_label = ElidedLabel("dim", self)
        self.rows.setSpacing(3)
        self._is_starter, self._state = False, TransportState()
        self.heart_label = HeartLabel(self)
        # The title keeps its room when the heart comes.
        keeping = self.heart_label.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        self.heart_label.setSizePolicy(keeping)
        self.heart_label.hide()
        top = self.add_row()
        top.setSpacing(GAP_PX)
        top.addWidget(self.title_label, 1)
        top.addWidget(self.heart_label)
        for label in (
            self.artist_label,
            self.prompt_label,
            self.facts_label,
            self.maker_label,
            self.progress_label,
        ):
            self.rows.addWidget(label)
        self.rows.addStretch(1)
        self.drag_source = DragSource(self)
        self.setToolTip(self.tr("Drag the loop into a file manager or a DAW: WAV with tempo, bars and loop points"))
        self.set_recipe(None, is_starter=False)

    def set_generator_titles(self, titles: Mapping[str, str]) -> None:
        """Take the titles of generators by their names in recipes; sound files have a title of ours."""
        self._titles = {**titles, "file": self.tr("Sound file")}

    def set_recipe(self, recipe: Recipe | None, is_starter: bool, fit: MusicFit | None = None) -> None:
        """Show what plays; None when nothing does. A starter loop is one that ships with the studio.

        ``fit`` is how its measured tempo and key stand to those asked for, where they were measured and asked for.
        """
        self.progress_label.setText("")
        self._is_starter = recipe is not None and is_starter
        self._show_state()
        if recipe is None:
            self.title_label.setText(self.tr("Nothing plays"))
            self.artist_label.setText(self.tr("AVVIA starts the music"))
            for label in (self.prompt_label, self.facts_label, self.maker_label):
                label.setText("")
            return
        self.title_label.setText(recipe.title)
        self.artist_label.setText(recipe.artist)
        self.prompt_label.setText(self.origin_of(recipe))
        self.facts_label.setText(" · ".join(self.facts_of(recipe, fit)))
        self.maker_label.setText(" · ".join(self._maker(recipe)))

    def set_state(self, state: TransportState) -> None:
        """Tell whether the music is paused, the loop held, and its take a favourite."""
        self.heart_label.setVisible(state.is_favourite)
        self._state = state
        self._show_state()

    def _show_state(self) -> None:
        words = []
        if self._is_starter:
            words.append(self.tr("starter loop"))
        if self._state.is_held:
            words.append(self.tr("held"))
        if self._state.is_unkept:
            words.append(self.tr("not kept"))
        if self._state.is_paused:
            words.append(self.tr("paused"))
        self.header.set_info(" · ".join(words))
        tip = self.tr("This sound is not in the library: as a favourite it is kept there")
        self.header.setToolTip(tip if self._state.is_unkept else "")

    def set_progress(self, turns: int, played_s: float, min_play_s: float | None) -> None:
        """Show how many whole turns the loop has made and for how long it has played.

        ``min_play_s`` is how long it plays at least; None for a loop that plays only until a clip is ready.
        """
        text = self.tr("turn {turn} · {played} of at least {minimum}")
        minimum = _clock(min_play_s or 0.0)
        if min_play_s is None:
            text = self.tr("turn {turn} · {played}, until the first clip is ready")
        self.progress_label.setText(text.format(turn=turns + 1, played=_clock(played_s), minimum=minimum))

    def set_stopped(self) -> None:
        """Say that the loop shown does not play."""
        self.progress_label.setText(self.tr("Not playing: AVVIA plays it"))

    def words(self) -> tuple[str, str]:
        """Return what plays and how it is doing, each in one line, for where there is no room for the card."""
        return (
            _joined(self.title_label.text(), self.facts_label.text(), self.header.info),
            _joined(self.progress_label.text(), self.prompt_label.text()),
        )

    def origin_of(self, recipe: Recipe) -> str:
        """Return what was asked for; of a part of a long sound, where in that it begins."""
        if recipe.excerpt is not None:
            start, whole = _clock(recipe.excerpt.start_s), _clock(recipe.excerpt.whole_s)
            return self.tr("from {start} of {whole}").format(start=start, whole=whole)
        # A file's recipe has its title for a prompt, too.
        is_said = recipe.prompt in ("", recipe.title)
        return "" if is_said else self.tr("“{prompt}”").format(prompt=recipe.prompt)

    def facts_of(self, recipe: Recipe, fit: MusicFit | None = None) -> list[str]:
        """Return bars, tempo and key, as far as they are known, beside what was asked for where that was measured."""
        facts, bars = recipe.facts, recipe.loop.bars
        words = []
        if bars is not None:
            words.append(self.tr("1 bar") if bars == 1 else self.tr("{n} bars").format(n=bars))
        if recipe.loop.played_through:
            words.append(self.tr("played through"))
        fit = fit or MusicFit()
        words += [
            tempo_words(facts.tempo_bpm, fit.tempo),
            key_words(facts.key, fit.key),
            stretch_words(recipe.asked.speed),
        ]
        return list(filter(None, words))

    def _maker(self, recipe: Recipe) -> list[str]:
        words = [self._titles.get(recipe.generator, recipe.generator)]
        if recipe.model:
            words.append(recipe.model)
        if recipe.seed is not None:
            words.append(self.tr("seed {seed}").format(seed=recipe.seed))
        return words


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _clock(seconds: float) -> str:
    """Return seconds as ``mm:ss``, with hours in front when there are any."""
    minutes, rest = divmod(int(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"
