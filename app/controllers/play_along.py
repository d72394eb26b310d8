# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller has the companion play along with a recording, beside the music, and lets the outcome be heard."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog

from app.controllers.beside import CommandBeside
from app.translations import sentence
from engine.errors import StudioError
from engine.values.along_options import ALONG_FILE, ALONG_FROM, ALONG_OPTIONS, ALONG_TO
from engine.values.play_along import Along
from widgets.bar.menu_button import Section
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.values import ParameterValue
    from widgets.dialogs.along_dialog import AlongDialog

KEYS = "Ctrl+Shift+K"
FORMATS = "WAV (*.wav);;FLAC (*.flac);;OGG Vorbis (*.ogg)"
BEFORE_S = 5.0
"""Seconds before the new music from which it is heard."""


class PlayAlongController(QObject):
    """The controller makes the dialog when it is asked for first; what was made lies in a folder until it is kept.

    Parameters
    ----------
    bring
        Has the studio play files.
    say
        Writes a line in the console.

    Signals
    -------
    hear_wanted(path, from_s), hush_wanted()
        For the engine.
    written(path, StudioError | None)
        What was made is in a file, or not.
    """

    hear_wanted = Signal(str, float)
    hush_wanted = Signal()
    written = Signal(str, object)

    def __init__(
        self,
        window: MainWindow,
        engine: StudioEngine,
        store: SettingsStore,
        bring: Callable[[tuple[str, ...]], None],
        say: Callable[[str, Level], None],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._bring, self._say = window, store, bring, say
        self._dialog: AlongDialog | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._n_made = 0
        self._made: dict[str, Any] = {}
        self._asked_to_hear = ""
        self._writing: threading.Thread | None = None
        self.written.connect(self._on_written)
        self.command = CommandBeside(self)
        self.command.told.connect(self._on_told)
        self.command.ended.connect(self._on_ended)
        window.closing.connect(self._on_closing)
        self.hear_wanted.connect(engine.jam.hear_file)
        self.hush_wanted.connect(engine.jam.hush_take)
        engine.jam.take_heard.connect(self._on_heard)
        engine.jam.failed.connect(self._on_failed)
        self.action = QAction(self.tr("Play a&long with a recording…"), window)
        self.action.setShortcut(QKeySequence(KEYS))
        self.action.setStatusTip(self.tr("Continue a recording, accompany it, fill a gap in it or vary it"))
        self.action.triggered.connect(self.show)
        window.addAction(self.action)
        window.add_to_menu(Section.FILE, self.action)

    @Slot()
    def show(self) -> None:
        """Show the dialog."""
        if self._dialog is None:
            self._dialog = self._new_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _new_dialog(self) -> AlongDialog:
        # Loaded when it is asked for first.
        from widgets.dialogs.along_dialog import AlongDialog

        settings = self._store.settings
        dialog = AlongDialog({one.name: getattr(settings, one.name) for one in ALONG_OPTIONS}, self._window)
        dialog.option_changed.connect(lambda name, value: self._store.change(**{name: value}))
        dialog.make_requested.connect(self._on_make)
        dialog.cancel_requested.connect(self.command.cancel)
        dialog.hear_requested.connect(self._on_hear)
        dialog.hush_requested.connect(self.hush_wanted)
        dialog.save_requested.connect(self._on_save)
        dialog.play_requested.connect(self._on_play)
        dialog.finished.connect(lambda _result: self.hush_wanted.emit())
        return dialog

    # --- what is asked ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_make(self, values: dict[str, ParameterValue]) -> None:
        dialog = self._dialog
        if dialog is None or self.command.is_busy:
            return
        self.hush_wanted.emit()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="infiniloop-along-")
        self._n_made += 1
        stem = Path(self._folder.name) / f"{self._n_made}"
        joined, new = f"{stem}.wav", f"{stem} new.wav"
        self._made = {}
        words = words_of(values, joined, new, self._sounds())
        self.command.run(words, joined, tells=True)
        dialog.show_making(self.tr("Listening, and playing along…"))

    def _sounds(self) -> str:
        """Return which sounds the composer has, where a person has set that."""
        return str(self._store.settings.generator_parameters.get("composer", {}).get("sounds", ""))

    @Slot(str)
    def _on_hear(self, which: str) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        path = {"own": dialog.file(), "joined": self._made.get("output", ""), "new": self._made.get("new", "")}[which]
        from_s = max(0.0, float(self._made.get("starts_s", 0.0)) - (0.0 if which == "new" else BEFORE_S))
        # The one that is heard ends: it is told that none is, and then which.
        self.hush_wanted.emit()
        self._asked_to_hear = which
        self.hear_wanted.emit(path, from_s)

    @Slot()
    def _on_save(self) -> None:
        dialog, made = self._dialog, self._made.get("output")
        if dialog is None or made is None:
            return
        source = Path(dialog.file())
        proposed = str(source.with_name(f"{source.stem}-{self._made['way']}.wav"))
        target, _ = QFileDialog.getSaveFileName(dialog, self.tr("Save what was made"), proposed, FORMATS)
        if target:
            self.save(target)

    def save(self, target: str) -> None:
        """Have what was made written into a file, as its ending says, while the window goes on."""
        dialog = self._dialog
        if dialog is None or self._writing is not None:
            return
        if Path(target).suffix.lower() not in (".wav", ".flac", ".ogg"):
            target += ".wav"
        source = str(self._made["output"])
        self._writing = threading.Thread(target=self._write, args=(source, target), name="play along")
        self._writing.start()

    def _write(self, source: str, target: str) -> None:
        """Copy a file, in a thread of its own."""
        try:
            _copy(source, target)
        except StudioError as error:
            self.written.emit(target, error)
        else:
            self.written.emit(target, None)

    @Slot(str, object)
    def _on_written(self, target: str, error: StudioError | None) -> None:
        self._writing = None
        words = self.tr("Written: {path}").format(path=target) if error is None else sentence(error)
        if self._dialog is not None:
            self._dialog.show_words(words, is_failed=error is not None)
        self._say(words, Level.INFO if error is None else Level.WARNING)

    @Slot()
    def _on_play(self) -> None:
        self.hush_wanted.emit()
        self._bring((str(self._made["output"]),))

    # --- what is told -------------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_told(self, line: str) -> None:
        told = json.loads(line)
        if isinstance(told, dict) and "output" in told:
            self._made = told

    @Slot(str, str)
    def _on_ended(self, target: str, words: str) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if words or not target:
            dialog.show_made(words or self.tr("It was called off."), is_made=False, is_failed=bool(words))
            return
        dialog.show_made(self._in_words(), is_made=bool(self._made))

    def _in_words(self) -> str:
        heard = self._made.get("heard", {})
        tempo, key = heard.get("tempo_bpm"), heard.get("key") or self.tr("no key")
        beats = self.tr("no pulse") if tempo is None else self.tr("{bpm} bpm").format(bpm=f"{tempo:.1f}")
        words = self.tr("Heard: {beats}, {key}. Played as “{style}”.").format(
            beats=beats, key=key, style=self._made.get("style", "")
        )
        for join in self._made.get("joins", ()):
            step = join.get("step_lu")
            said = "" if step is None else f", {signed(step)} LU"
            words += " " + self.tr("Joined at {at} s{step}.").format(at=f"{join['at_s']:.2f}", step=said)
        return words

    @Slot(bool)
    def _on_heard(self, is_heard: bool) -> None:
        if self._dialog is not None:
            self._dialog.set_heard(self._asked_to_hear if is_heard else "")

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_words(sentence(error), is_failed=True)

    @Slot()
    def _on_closing(self) -> None:
        self.command.close()
        if self._writing is not None:
            self._writing.join()
        if self._folder is not None:
            self._folder.cleanup()


def signed(number: float) -> str:
    """Return a number with its sign and one digit; what rounds to nothing has none."""
    return f"{number:+.1f}" if round(number, 1) else "0.0"


def words_of(values: dict[str, ParameterValue], joined: str, new: str, sounds: str) -> list[str]:
    """Return the command line by which these values are made."""
    way = Along(str(values["along_way"]))
    words = [str(way), str(values[ALONG_FILE.name]), "-o", joined, "--new", new, "--json", "--force"]
    words += ["--parts", str(values["along_parts"])]
    if style := str(values["along_style"]):
        words += ["--style", style]
    if sounds:
        words += ["--set", f"sounds={sounds}"]
    match way:
        case Along.CONTINUE:
            words += ["--seconds", str(values["along_seconds"])]
        case Along.ACCOMPANY:
            words += [f"--level={values['along_level']}"]
        case Along.FILL:
            words += ["--from", str(values[ALONG_FROM.name]), "--to", str(values[ALONG_TO.name])]
    return words


def _copy(source: str, target: str) -> None:
    """Write a sound into another file, with its recipe. Raises StudioError."""
    from engine.library.audiofile import read_clip, writing_audio
    from engine.library.carried import Carried, carried_by, said_of
    from engine.library.metadata import Metadata

    clip, carried = read_clip(source), carried_by(source)
    says = said_of(carried.recipe, carried.made) if isinstance(carried, Carried) else Metadata()
    with writing_audio(target, clip.sample_rate, clip.n_channels, metadata=says) as out:
        out.write(clip.samples)
