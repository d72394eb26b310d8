# SPDX-License-Identifier: GPL-3.0-or-later
"""In the real window what plays goes on the air, is heard there, and follows what is set."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import paths
from app.controllers.on_air import OnAirController
from app.controllers.studio import Controller as StudioController
from engine.errors import StudioError
from engine.session.options import StudioOptions
from engine.values.radio import MusicRequest, RadioPlan, Skip
from tests.app.controllers.conftest import Unstarted
from tests.engine.broadcast.streams import decoded

pytestmark = pytest.mark.gui


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _heard(url: str, seconds: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    parts, began_s = [], time.monotonic()
    with httpx.stream("GET", f"{url}stream.mp3", trust_env=False, timeout=10.0) as answer:
        for part in answer.iter_raw():
            parts.append(part)
            if time.monotonic() - began_s > seconds:
                break
    return decoded(b"".join(parts))[0]


def test_what_plays_goes_on_the_air(
    unstarted: Unstarted, qtbot: QtBot, no_sound: None, expected_logs: list[str]
) -> None:
    expected_logs.append("The radio process stopped (exit code -9) and was started again.")
    window, controller, engine = unstarted(OnAirController, radio_port=_free_port())
    engine.start()

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    controller.action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    dialog.on_button.click()
    until(dialog.address.text)
    url = dialog.address.text()
    # Nothing plays yet: listeners are not left in silence.
    until(lambda: "reserve" in dialog.state.text())
    assert not dialog.programme.text()
    window.prompt_bar.set_prompt("calm piano, 70 bpm")
    window.prompt_bar.start_requested.emit()
    until(lambda: "reserve" not in dialog.state.text())
    assert np.abs(_heard(url, 1.0)).max() > 0.01
    until(lambda: httpx.get(f"{url}current", trust_env=False).json()["title"])

    # Another port: at once, and nothing is left at the old one.
    controller._store.change(radio_port=_free_port())
    until(lambda: dialog.address.text() not in ("", url))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}current", trust_env=False)
    url = dialog.address.text()
    # A process that dies is followed by another one, at the same address.
    pid = engine.process_ids()["radio"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: engine.process_ids().get("radio", pid) != pid)
    until(lambda: _answers(url))
    assert np.abs(_heard(url, 3.0)).max() > 0.01
    dialog.on_button.click()
    until(lambda: not _answers(url))
    assert not dialog.address.text()
    dialog.accept()
    assert window.isEnabled()


STATION = """format = 1
title = "Two"
[[mood]]
title = "rain"
prompts = ["lofi rain, 96 bpm"]
minutes = 60
[[mood]]
title = "night"
prompts = ["ambient night, 60 bpm"]
"""


def test_a_station_votes_and_requests_reach_the_windows_session(
    unstarted: Unstarted, qtbot: QtBot, no_sound: None, tmp_path: Path
) -> None:
    file = tmp_path / "two.toml"
    file.write_text(STATION, "utf-8")
    window, controller, engine = unstarted(
        OnAirController, radio_port=_free_port(), radio_votes=True, radio_requests=True, radio_station=str(file),
        duration_s=6.0, transition_bars=0, prompt="house, 120 bpm",
    )  # fmt: skip
    said = list[str]()
    controller._say = lambda words, _level: said.append(words)
    told = list[StudioOptions]()
    studio = controller._window.findChild(StudioController)
    assert isinstance(studio, StudioController)
    studio.options_changed.connect(told.append)
    engine.start()
    controller.action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    dialog.on_button.click()

    def until(comes: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(comes()), timeout=60_000)

    until(dialog.address.text)
    url = dialog.address.text()

    def get(path: str) -> Any:
        return httpx.get(f"{url}{path}", trust_env=False).json()

    # The prompt's field keeps what the person wrote.
    assert told[-1].prompt == "lofi rain, 96 bpm"
    assert controller._store.settings.prompt == window.prompt_bar.prompt() == "house, 120 bpm"
    assert dialog.programme.text() == "The station plays “rain”."
    window.prompt_bar.start_requested.emit()
    until(lambda: get("current")["mood"] == "rain")
    vote = {"value": "more", "number": get("current")["number"]}
    assert httpx.post(f"{url}vote", json=vote, trust_env=False).status_code == 200
    until(lambda: "A listener wants more like “rain”" in said)
    for prompt in ("ambient bells, 90 bpm", "slow cello"):
        assert httpx.post(f"{url}requests", json={"prompt": prompt}, trust_env=False).status_code == 202
    until(lambda: dialog.programme.text() == "The station plays “rain”. 2 requests wait.")
    assert "A listener asks for “ambient bells, 90 bpm”" in said
    controller._on_asked(Skip(is_mood=True))
    assert told[-1].prompt == "ambient bells, 90 bpm"
    assert dialog.programme.text() == "A listener asked for “ambient bells, 90 bpm”. One request waits."
    until(lambda: get("current")["requested"])
    assert get("current")["prompt"] == "ambient bells, 90 bpm"

    # What is set of the sound counts at once; the station keeps its prompt.
    controller._store.change(prompt="polka", duration_s=7.0)
    assert (told[-1].prompt, told[-1].duration_s) == ("ambient bells, 90 bpm", 7.0)
    assert said[-1].startswith("The radio’s station chooses what plays")
    # Whatever plays here, from now on: what waited for the station is gone with it.
    controller._store.change(radio_station="")
    assert (told[-1].prompt, dialog.programme.text()) == ("polka", "")
    assert dialog.address.text() == url
    controller._on_asked(MusicRequest("slow cello"))
    controller._on_asked(Skip(is_mood=True))
    assert told[-1].prompt == "slow cello"
    dialog.on_button.click()
    assert (told[-1].prompt, dialog.programme.text()) == ("polka", "")
    assert json.loads((paths.data_folder() / "radio/votes.json").read_text("utf-8"))["two"] == {"rain": 1.1}
    until(lambda: not _answers(url))
    dialog.accept()


def test_a_station_that_cannot_be_used_is_told(unstarted: Unstarted, tmp_path: Path) -> None:
    _, controller, _ = unstarted(OnAirController, radio_station=str(tmp_path / "gone.toml"))
    controller.action.trigger()
    dialog = controller._dialog
    assert dialog is not None
    dialog.on_button.click()
    assert "gone.toml" in dialog.state.text()
    assert not dialog.on_button.isChecked()
    assert controller._playout is None
    dialog.accept()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}current", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_port_that_is_taken_is_told(unstarted: Unstarted, qtbot: QtBot, no_sound: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, controller, engine = unstarted(OnAirController, radio_port=int(taken.getsockname()[1]))
        engine.start()
        controller.action.trigger()
        dialog = controller._dialog
        assert dialog is not None
        dialog.on_button.click()
        qtbot.waitUntil(lambda: "another program" in dialog.state.text(), timeout=60_000)
        assert not dialog.on_button.isChecked()
        dialog.accept()


def test_the_network_hears_it_with_a_token_that_stays(unstarted: Unstarted) -> None:
    _, controller, engine = unstarted(OnAirController, radio_network=True)
    plans = list[RadioPlan]()
    controller.opening_wanted.disconnect(engine.radio.open)
    controller.opening_wanted.connect(plans.append)
    controller._on_air_requested(True)
    controller._store.change(radio_public=True)
    controller._store.change(radio_network=False)

    private, public, own = plans
    assert (private.host, private.is_public) == ("0.0.0.0", False)
    assert len(private.token) > 20
    assert (public.token, public.is_public) == (private.token, True)
    assert (own.host, own.token, own.is_public) == ("127.0.0.1", "", False)


def test_what_failed_is_said_in_the_console(unstarted: Unstarted) -> None:
    _, controller, _ = unstarted(OnAirController)
    said = list[str]()
    controller._say = lambda words, _level: said.append(words)
    controller._on_shut(StudioError(detail="the sky fell"))

    assert len(said) == 1
    assert "the sky fell" in said[0]
