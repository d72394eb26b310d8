# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root puts application, window, engine and controller together and takes them apart in order."""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import VERSION, appearance, logs, paths, translations
from app.choices import studio_options
from app.commands import endings
from app.controllers.studio import Controller
from app.layouts import FACTORY, in_use
from app.main_window import MainWindow
from app.settings import Settings, read_settings
from engine.errors import StudioError
from engine.qt.studio import StudioEngine
from engine.session.options import Places
from widgets import icons, spoken

SIGNAL_POLL_MS = 200


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
    settings: Settings, places: Places, *, trouble: StudioError | None = None, sounds: tuple[str, ...] = ()
) -> tuple[MainWindow, StudioEngine]:
    """Return the window with its engine behind it; ``engine.start()`` sets the engine going.

    Parameters
    ----------
    trouble
        What of the stored settings could not be used, to be told in the window.
    sounds
        Files and folders of sounds that the music begins with.
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
    return window, engine


def open_studio(sounds: tuple[str, ...] = ()) -> tuple[QApplication, MainWindow, StudioEngine]:
    """Return the application with its window shown; the engine starts when the window has been painted.

    ``sounds`` are files and folders that the music begins with.
    """
    log = logs.open_log(paths.log_file())
    logs.catch_everything()
    loaded = read_settings(paths.settings_file(), aside=True)
    settings = loaded.settings
    application = QApplication(sys.argv[:1])
    dress(application, settings)
    translations.install(application, paths.RESOURCES / "translations", translations.language_of(settings.language))
    places = Places(starters_folder=str(paths.RESOURCES / "starters"), log=log, cache_folder=str(paths.cache_folder()))
    window, engine = build(settings, places, trouble=loaded.trouble, sounds=sounds)
    window.show()
    QTimer.singleShot(0, engine.start)
    return application, window, engine


def run_studio(sounds: tuple[str, ...] = ()) -> int:
    """Open the window, which begins with these files and folders of sounds, and stay until it is closed."""
    application, window, engine = open_studio(sounds)
    # Ctrl-C, a polite kill and a closed terminal close the window as its button does; Python sees signals only while
    # it runs.
    endings.step_aside()
    for number in endings.NUMBERS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: window.close())
    wake = QTimer()
    wake.start(SIGNAL_POLL_MS)
    wake.timeout.connect(lambda: None)
    code = application.exec()
    engine.shut_down()
    return code
