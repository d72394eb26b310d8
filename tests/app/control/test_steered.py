# SPDX-License-Identifier: GPL-3.0-or-later
"""A real studio is told every verb through its socket, by a program beside it, and does what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import soundfile
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from app.choices import studio_options
from app.control.client import Client, connected
from app.control.control import Control
from app.control.verbs import VERBS
from app.control.wire import Answer, Request
from app.headless import Headless
from app.settings import Settings
from app.settings_store import SettingsStore
from engine.errors import NameTaken, StudioError
from engine.library.carried import Carried, recipe_of

pytestmark = pytest.mark.gui

LIMIT_S = 30.0


@pytest.fixture
def expected_logs() -> list[str]:
    return ["The audio process stopped", "cannot be written", "Nothing was heard in the last"]


class Steered(QObject):
    """This studio is steered by a program on another thread, while Qt's loop turns on this one.

    Attributes
    ----------
    events
        What happened, as its follower was told.
    told
        Verbs that it was told.
    has_left
        Whether it was told to quit.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        settings = replace(
            Settings(),
            prompt="lofi, 85 bpm",
            duration_s=8.0,
            min_play_s=10.0,
            data_folder=str(folder / "library"),
            save_folder=str(folder / "music"),
        )
        self.store = SettingsStore(settings, self)
        self.studio = Headless(studio_options(settings))
        self.store.changed.connect(self._on_changed)
        self.has_left = False
        self.control = Control(self.studio.engine, self.store, self._leave, kind="terminal", parent=self)
        self.events: list[dict[str, Any]] = []
        self.told: set[str] = set()
        self._pool = ThreadPoolExecutor(2, "programs")

    @Slot(object)
    def _on_changed(self, settings: Settings) -> None:
        self.studio.engine.options_changed.emit(studio_options(settings))

    def _leave(self) -> None:
        self.has_left = True

    def open(self) -> None:
        """Listen, start, and have a program follow."""
        self.control.listen()
        self.studio.__enter__()
        self.client = connected()
        self._follower = connected()
        self._following = threading.Thread(target=self._follow, args=(self._follower,), name="follower")
        self._following.start()

    def _follow(self, follower: Client) -> None:
        follower.ask("follow", (), limit_s=LIMIT_S)
        self.events.extend(follower.events())

    def close(self) -> None:
        """End all of it."""
        self.control.close()
        self.studio.close()
        self.store.finish()
        self.client.close()
        self._following.join(LIMIT_S)
        self._follower.close()
        self._pool.shutdown()

    def ask(self, verb: str, *words: str) -> dict[str, Any]:
        """Return what it answers."""
        self.told.add(verb)
        asked = self._pool.submit(self.client.ask, verb, words, limit_s=LIMIT_S)
        self.until(asked.done, f"an answer to {verb}")
        return asked.result()

    def does(self, verb: str, *words: str) -> dict[str, Any]:
        """Return the data of what it did."""
        answer = self.ask(verb, *words)
        assert answer["ok"], answer
        assert answer["text"]
        data: dict[str, Any] = answer["data"]
        return data

    def refuses(self, kind: str, verb: str, *words: str) -> str:
        """Return the sentence in which it refuses."""
        answer = self.ask(verb, *words)
        assert not answer["ok"], answer
        assert answer["error"]["kind"] == kind, answer
        return str(answer["error"]["message"])

    def until(self, condition: Callable[[], object], what: str) -> None:
        self.studio.wait_for(lambda: bool(condition()), what)

    def has_happened(self, event: str, **data: object) -> bool:
        return any(one["event"] == event and data.items() <= one.items() for one in self.events)

    def count(self, event: str) -> int:
        return [one["event"] for one in self.events].count(event)

    @property
    def now(self) -> dict[str, Any]:
        return self.does("status")


@pytest.fixture
def steered(
    runtime: Path, no_sound: None, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Steered]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    one = Steered(tmp_path)
    try:
        one.open()
        yield one
    finally:
        one.close()


def test_a_studio_does_every_verb_that_it_is_told(steered: Steered, tmp_path: Path) -> None:
    before_the_music(steered, tmp_path)
    settings_by_name(steered)
    the_music(steered)
    files(steered, tmp_path)
    own_sounds(steered, tmp_path)
    the_end(steered)
    assert steered.told == {name for name, verb in VERBS.items() if not verb.is_local} | {"fly", "help"}


def before_the_music(steered: Steered, folder: Path) -> None:
    assert steered.client.greeting["kind"] == "terminal"
    now = steered.now
    assert (now["running"], now["paused"], now["held"], now["recording"]) == (False, False, False, None)
    assert now["playing"]["starter"] is True
    assert now["settings"]["prompt"] == "lofi, 85 bpm"
    for verb in ("next", "previous", "pause", "hold"):
        assert "start the music first" in steered.refuses("NothingPlays", verb)
    assert "ships with the studio" in steered.refuses("CannotRate", "favourite", "on")
    steered.refuses("CannotRate", "never")
    assert steered.ask("validate")["text"].startswith("stopped: “")
    assert steered.ask("candidate", "1")["text"] == "candidate 1 is chosen, and nothing plays: the music is stopped"
    assert " s long" in steered.ask("candidates")["text"]
    steered.refuses("NothingPlays", "sleep", "10")
    assert steered.ask("sleep", "off")["text"] == "nothing plays"
    assert "“help” lists" in steered.refuses("UnknownVerb", "fly")
    steered.refuses("UnknownVerb", "help")
    assert "leave “now” out" in steered.refuses("TooManyWords", "stop", "now")
    assert "in a terminal" in steered.refuses("NoWindow", "show")
    steered.refuses("NothingHeard", "keep", str(folder / "kept.flac"))
    assert steered.does("record", "off") == steered.does("record", "stop") == {"file": None}
    # A folder that seems to take files may refuse them.
    steered.refuses("CannotWrite", "record", "/proc/a.flac")
    # Nothing is heard, so there is nothing to be written.
    silence = folder / "silence.flac"
    assert steered.does("record", str(silence)) == {"file": str(silence)}
    assert steered.now["recording"] == str(silence)
    steered.refuses("NameTaken", "record", str(silence))
    assert steered.does("record", "off") == {"file": None}
    assert not silence.exists()


def settings_by_name(steered: Steered) -> None:
    assert steered.does("set", "volume", "-6") == {"volume": -6.0}
    assert steered.does("get", "volume") == {"volume": -6.0}
    assert steered.store.settings.volume_db == -6.0
    everything = steered.does("get")
    assert everything["volume"] == -6.0
    assert everything["generator"] == "composer"
    assert "overlap" in steered.refuses("OutOfRange", "overlap", "9999")
    assert "set volume VALUE" in steered.refuses("NeedsWords", "set", "volume")
    steered.refuses("NeedsWords", "set")
    steered.refuses("NeedsWords", "overlap")
    steered.refuses("UnknownSetting", "get", "loudnes")
    presets = steered.does("presets")["presets"]
    assert len(presets) > 5
    steered.refuses("NeedsWords", "preset")
    steered.refuses("UnknownPreset", "preset", "no such")
    name = presets[0]["name"]
    told = steered.ask("preset", name)
    assert told["data"]["name"] == name
    assert "generator composer, duration 24 s, minplay 120 s" in told["text"]
    assert steered.store.settings.prompt == presets[0]["prompt"]
    # Back to what is made soon.
    for setting, value in (("duration", "8"), ("minplay", "10"), ("variations", "1"), ("generator", "composer")):
        steered.does("set", setting, value)
    devices = steered.does("devices")["devices"]
    assert {frozenset(one) for one in devices} <= {frozenset(("host_api", "name", "default"))}
    assert "“gramophone”" in steered.refuses("NoSuchDriver", "set", "driver", "gramophone")
    assert steered.does("set", "driver", "default") == {"driver": "default"}


def the_music(steered: Steered) -> None:
    assert steered.does("start", "lofi,", "85", "bpm") == {"prompt": "lofi, 85 bpm"}
    steered.until(lambda: steered.has_happened("led"), "a loop leads")
    assert steered.has_happened("started")
    assert steered.now["running"] is True
    assert steered.does("pause") == {"paused": True}
    steered.until(lambda: steered.has_happened("paused", on=True), "it pauses")
    assert steered.now["paused"] is True
    assert steered.does("pause", "off") == {"paused": False}
    steered.until(lambda: steered.has_happened("paused", on=False), "it goes on")
    assert steered.does("hold", "on") == {"held": True}
    steered.until(lambda: steered.has_happened("held", on=True), "it is held")
    steered.does("hold", "off")
    steered.until(lambda: steered.has_happened("made"), "a loop is made")
    led = steered.count("led")

    def leads() -> bool:
        return steered.count("led") > led

    steered.until(lambda: steered.control.facts.next.kind == "ready", "the next is ready")
    steered.does("next")
    if not leads():
        steered.does("next")
    steered.until(leads, "the next one leads")
    playing = steered.now["playing"]
    assert playing["starter"] is False
    assert (playing["generator"], playing["tempo_bpm"]) == ("composer", 85.0)
    assert set(playing["metrics"]) == {"spectral", "waveform", "beat", "phase"}
    assert playing["loop_end"] > playing["loop_start"] >= 0
    found = steered.does("candidates")["candidates"]
    assert [one["plays"] for one in found].count(True) == 1
    assert f"from 1 to {len(found)}" in steered.refuses("OutOfRange", "candidate", "99")
    steered.refuses("WrongKind", "candidate", "1.5")
    other = next(one["n"] for one in found if not one["plays"]) if len(found) > 1 else 1
    steered.does("candidate", str(other))
    steered.until(lambda: steered.does("candidates")["candidates"][other - 1]["plays"], "the candidate plays")
    steered.does("overlap", "123")
    # In whole samples.
    steered.until(lambda: steered.now["playing"]["overlap_ms"] == pytest.approx(123.0, abs=0.02), "its overlap")
    loops = steered.does("validate")["loops"]
    assert loops[0]["which"] == "current"
    assert steered.does("favourite", "on") == {"favourite": True}
    steered.until(lambda: steered.now["playing"]["favourite"], "it is a favourite")
    steered.does("favourite")
    steered.until(lambda: not steered.now["playing"]["favourite"], "it is none any more")
    steered.until(lambda: steered.has_happened("kept"), "it is kept in the library")


def files(steered: Steered, folder: Path) -> None:
    loop = folder / "a loop.wav"
    title = steered.now["playing"]["title"]
    assert steered.does("save", str(loop)) == {"file": str(loop)}
    assert soundfile.info(loop).frames > 44_100
    carried = recipe_of(str(loop))
    assert isinstance(carried, Carried)
    assert carried.recipe.title == title
    assert "is there already" in steered.refuses("NameTaken", "save", str(loop))
    assert "whole path" in steered.refuses("NotAbsolute", "save", "a.wav")
    steered.refuses("CannotWrite", "save", "/proc/a.wav")
    steered.refuses("CannotWrite", "save", "/dev/full/a.wav")
    steered.refuses("UnknownFormat", "save", "/dev/full")
    twice_at_once(steered, folder)
    tape = folder / "tape.flac"
    assert steered.does("record", str(tape)) == {"file": str(tape)}
    assert steered.has_happened("recording", file=str(tape)) or steered.now["recording"] == str(tape)
    second = folder / "second.flac"
    assert steered.does("record", str(second)) == {"file": str(second)}
    steered.until(second.exists, "it is recorded")
    steered.studio.live(0.4)
    assert steered.does("record", "off") == {"file": str(second)}
    # The first was finished as the second began.
    for one, least in ((tape, 0), (second, 8_000)):
        assert not one.exists() or len(soundfile.read(one)[0]) > least
    assert steered.now["recording"] is None
    kept = steered.does("keep")["file"]
    assert soundfile.info(kept).frames > 44_100
    steered.refuses("WrongEnding", "keep", str(folder / "kept.wav"))
    steered.until(lambda: steered.has_happened("saved", file=kept), "its follower is told")


def twice_at_once(steered: Steered, folder: Path) -> None:
    named: list[Answer | StudioError] = []
    unnamed: list[Answer | StudioError] = []
    for _ in range(2):
        steered.control.steering.ask(Request("save", (str(folder / "twice.wav"),)), named.append)
        steered.control.steering.ask(Request("save"), unnamed.append)
    steered.until(lambda: len(named) == len(unnamed) == 2, "all are answered")
    assert {type(one) for one in named} == {Answer, NameTaken}
    files = {Path(one.data["file"]) for one in unnamed if isinstance(one, Answer) and one.data}
    assert len(files) == 2
    assert all(one.exists() and one.parent == folder / "music" for one in files)
    (folder / "mine.cue").write_text("mine")
    assert "mine.cue" in steered.refuses("NameTaken", "keep", str(folder / "mine.flac"))


def own_sounds(steered: Steered, folder: Path) -> None:
    steered.refuses("NeedsWords", "add")
    steered.refuses("FileMissing", "add", str(folder / "gone.wav"))
    steered.refuses("NotAbsolute", "add", "a.wav")
    steered.does("add", str(folder / "a loop.wav"))
    steered.until(lambda: steered.studio.engine.process_ids().get("sounds"), "it is read")
    steered.does("never")
    steered.does("previous")


def the_end(steered: Steered) -> None:
    assert steered.does("sleep", "10") == {"minutes": 10.0}
    steered.until(lambda: steered.now["sleep_left_s"], "it is going to sleep")
    assert 590.0 < steered.now["sleep_left_s"] <= 600.0
    steered.refuses("OutOfRange", "sleep", "0")
    steered.does("sleep", "off")
    steered.until(lambda: steered.now["sleep_left_s"] is None, "it plays on")
    steered.does("stop")
    steered.until(lambda: steered.has_happened("stopped"), "it stops")
    assert steered.ask("quit")["text"] == "leaving"
    assert steered.has_left
