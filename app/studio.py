# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root puts application, window, engine and controller together and takes them apart in order."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import VERSION, appearance, logs, paths, translations
from app.choices import studio_options
from app.collecting import go_on, spare_what_is_loaded
from app.commands import endings
from app.controllers.studio import Controller
from app.first_paint import FirstPaint
from app.layouts import FACTORY, in_use
from app.main_window import MainWindow
from app.settings import Loaded, Settings, read_settings
from engine.qt.studio import StudioEngine
from engine.session.options import Places
from widgets import icons, spoken

if TYPE_CHECKING:
    from app.control.control import Control
    from engine.errors import StudioError

SIGNAL_POLL_MS = 200
REOPEN_CODE = 75
"""Exit code of the event loop after which the window is opened anew: it is to speak another language."""


def dress(application: QApplication, settings: Settings | None = None) -> None:
    """Give the application its name, its icon, and the appearance that the settings ask for, or the usual one."""
    application.setApplicationName(paths.APP_NAME)
    application.setApplicationDisplayName("Infiniloop Studio")
    application.setApplicationVersion(VERSION)
    application.setDesktopFileName(paths.APP_NAME)
    application.setWindowIcon(QIcon(str(paths.RESOURCES / "icons" / "infiniloop.svg")))
    application.setStyle("Fusion")
    spoken.install()
    icons.look_in(str(paths.RESOURCES / "themes" / "icons"))
    appearance.dress(application, settings or Settings())


def build(
    settings: Settings,
    places: Places,
    *,
    trouble: StudioError | None = None,
    sounds: tuple[str, ...] = (),
    greets: bool = False,
    reopen: Callable[[], None] | None = None,
) -> tuple[MainWindow, StudioEngine]:
    """Return the window with its engine behind it; ``engine.start()`` sets the engine going.

    Parameters
    ----------
    trouble
        What of the stored settings could not be used, to be told in the window.
    sounds
        Files and folders of sounds that the music begins with.
    greets
        The welcome page is shown soon after the window.
    reopen
        Opens the window anew, in another language; None where that comes with the next start.
    """
    engine = StudioEngine(studio_options(settings), places)
    window = MainWindow()
    controller = Controller(window, engine, settings)
    # The panels need the room for what is in them now.
    layout = FACTORY.get(in_use(settings.layout, settings.layouts))
    window.restore_layout(settings.window_geometry, settings.window_state, layout=layout)
    if trouble is not None:
        controller.tell(trouble)
    if sounds:
        controller.bringing.bring(sounds)
    controller.welcome.reopen = reopen
    if greets:
        controller.welcome.greet()
    return window, engine


class OpenStudio:
    """The open studio is the application with its window shown; its engine starts when that has been painted.

    Parameters
    ----------
    sounds
        Files and folders that the music begins with.
    prompt
        Words that it begins with at once; "" has it wait to be started.

    Attributes
    ----------
    application, window, engine
        The window and its engine are others once it was opened anew.
    """

    def __init__(self, sounds: tuple[str, ...] = (), prompt: str = "") -> None:
        spare_what_is_loaded()
        log = logs.open_log(paths.log_file())
        logs.catch_everything()
        loaded = read_settings(paths.settings_file(), aside=True)
        self.application = QApplication(sys.argv[:1])
        dress(self.application, loaded.settings)
        starters, cache = paths.RESOURCES / "starters", paths.cache_folder()
        pace = paths.pace_file()
        self._places = Places(
            str(starters),
            log=log,
            cache_folder=str(cache),
            pace_file=str(pace),
            jam_folder=str(paths.jam_folder()),
            latencies_file=str(paths.latencies_file()),
        )
        self._control: Control | None = None
        # Who starts with sounds or words is to hear them: the page would be in the way.
        greets = loaded.is_first and not sounds and not prompt
        self.window, self.engine = self._opened(loaded, sounds=sounds, prompt=prompt, greets=greets)

    def run(self) -> int:
        """Stay until the window is closed, and return the exit code."""
        while (code := self.application.exec()) == REOPEN_CODE:
            self._close()
            loaded = read_settings(paths.settings_file(), aside=True)
            self.window, self.engine = self._opened(loaded, greets=True)
        self._end()
        return code

    def _opened(
        self, loaded: Loaded, *, sounds: tuple[str, ...] = (), prompt: str = "", greets: bool = False
    ) -> tuple[MainWindow, StudioEngine]:
        """Return a window, shown, that speaks the language that is set, with its engine."""
        language = translations.language_of(loaded.settings.language)
        translations.install(self.application, paths.RESOURCES / "translations", language)
        window, engine = build(
            replace(loaded.settings, prompt=prompt or loaded.settings.prompt),
            self._places,
            trouble=loaded.trouble,
            sounds=sounds,
            greets=greets,
            reopen=lambda: self.application.exit(REOPEN_CODE),
        )
        # Qt itself would wait for a dialog that opens while its window closes.
        window.closing.connect(lambda: self.application.exit(0))
        window.show()

        def begin() -> None:
            # Loaded when the window is painted, and connected before the engine runs.
            from app.controllers.control import ControlController

            controller = window.findChild(Controller)
            assert controller is not None
            self._control = ControlController(window, engine, controller.store).control
            engine.start()
            self._control.listen()
            if prompt:
                controller.start()
            go_on()

        FirstPaint(window, begin)
        return window, engine

    def _end(self) -> None:
        """Let no other program in any more, and end the engine."""
        control, self._control = self._control, None
        if control is not None:
            control.close()
        self.engine.shut_down()

    def _close(self) -> None:
        """Close the window, end its engine, and have all be gone that it held: another one is about to be connected."""
        self.window.close()
        self._end()
        self.window.deleteLater()
        self.application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()


def run_studio(sounds: tuple[str, ...] = (), prompt: str = "") -> int:
    """Open the window, which begins with these files and folders of sounds, or words, and stay until it is closed."""
    studio = OpenStudio(sounds, prompt)
    # Ctrl-C, a polite kill and a closed terminal close the window as its button does; Python sees signals only while
    # it runs.
    endings.step_aside()
    for number in endings.NUMBERS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: studio.window.close())
    wake = QTimer()
    wake.start(SIGNAL_POLL_MS)
    wake.timeout.connect(lambda: None)
    return studio.run()
