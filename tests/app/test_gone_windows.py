# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that is closed, as for another language, is gone with all that it held, and hears nothing any more."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, QEvent
from PySide6.QtWidgets import QApplication

from app.controllers.welcome import WelcomeController
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.session.options import Places
from tests.app.windows import dressed

pytestmark = pytest.mark.gui

FOCUS_CHANGED = SIGNAL("focusChanged(QWidget*,QWidget*)")


def test_a_window_that_showed_the_welcome_page_is_gone_once_it_is_closed(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with dressed(qapp, "en"):
        n_listeners = qapp.receivers(FOCUS_CHANGED)
        settings = replace(Settings(), data_folder=str(tmp_path / "data"))
        window, engine = build(settings, Places(str(RESOURCES / "starters")))
        window.show()
        assert qapp.receivers(FOCUS_CHANGED) > n_listeners
        welcome = window.findChild(WelcomeController)
        assert isinstance(welcome, WelcomeController)
        welcome.show()
        # What waits for the first painting holds the window until then.
        qapp.processEvents()
        kept = [weakref.ref(one) for one in (window, engine, welcome)]
        window.close()
        # What is told while the window is being destroyed would find its parts gone.
        assert qapp.receivers(FOCUS_CHANGED) == n_listeners
        engine.shut_down()
        window.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        del window, engine, welcome
        gc.collect()
    assert [one() is None for one in kept] == [True, True, True]
