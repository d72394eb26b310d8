# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a MusicGPT with a data folder of its own, in which a person's clips and chats already are."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from engine.generators.base import Generation, finished
from engine.generators.musicgpt import MusicGPT
from engine.generators.musicgpt.declared import Patience
from engine.generators.requests import completed
from engine.values import ClipRequest, ClipResult, Progress
from tests.bystanders import own_children
from tests.standins import install_musicgpt, musicgpt_settings

QUICK = Patience(quiet_s=0.3, mute_s=30.0, mute_per_second_s=0.0, load_s=60.0)
"""Patience of tests: a silence is looked into at once, and nothing is given up for being slow on a busy machine."""


@dataclass
class Bench:
    """A bench is a MusicGPT (the stand-in) at work in a folder of its own.

    Attributes
    ----------
    folder
        Holds the program, its data folder and the scratch folders.
    misdeed
        Of the stand-in, as it was installed last.
    """

    folder: Path
    patience: Patience = QUICK
    misdeed: str = ""
    made: list[MusicGPT] = field(default_factory=list)
    kept: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        for path in (self.scratch, self.data / "audios", self.data / "chats" / str(uuid.uuid4())):
            path.mkdir(parents=True)
        (self.data / "audios" / f"{uuid.uuid4()}.wav").write_bytes(b"a person's")
        next((self.data / "chats").iterdir()).joinpath("a person's.json").write_text("{}")
        # As the server leaves it once it has looked at the chat.
        chat = next((self.data / "chats").iterdir())
        told = f'{{"chat_id": "{chat.name}", "name": "mine", "created_at": 1}}'
        (chat / ".metadata.json").write_text(told)
        self.kept = self.files()

    @property
    def data(self) -> Path:
        return self.folder / "share" / "musicgpt"

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    @property
    def generator(self) -> MusicGPT:
        if not self.made:
            self.made.append(MusicGPT(self.patience))
        return self.made[0]

    def files(self) -> set[Path]:
        return {path for path in self.data.rglob("*") if path.is_file()}

    def steps(
        self, prompt: str = "calm piano", *, secs: float = 1.9, model: str = "", job_id: int = 7, gpu: bool = False
    ) -> Generation:
        """Return the steps of a clip."""
        executable = self.folder / "bin" / "musicgpt"
        if not executable.exists():
            self.install(self.misdeed)
        settings = musicgpt_settings(executable, {"gpu": gpu, "add_loop_words": False})
        asked = ClipRequest(job_id, prompt, "musicgpt", model, secs)
        return self.generator.generate(completed(asked, self.generator, settings), settings)

    def make(
        self, prompt: str = "calm piano", *, secs: float = 1.9, model: str = "", gpu: bool = False
    ) -> tuple[list[Progress], ClipResult]:
        """Make a clip, and return what was told on the way."""
        seen: list[Progress] = []
        return seen, finished(self.steps(prompt, secs=secs, model=model, gpu=gpu), seen)

    def install(self, misdeed: str) -> None:
        """Have the program misbehave."""
        self.misdeed = misdeed
        install_musicgpt(self.folder / "bin", misdeed=f"{misdeed},beep".lstrip(","))

    def end(self) -> None:
        """End all, and check that nothing is left."""
        for one in self.made:
            one.close()
        assert not own_children()
        assert not list(self.scratch.iterdir())
        assert self.files() == self.kept


def servers() -> Sequence[psutil.Process]:
    """Return the servers that run, without their supervisors."""
    return [
        one for one in own_children() if "--ui-port" in (line := one.cmdline()) and "supervisor.py" not in str(line)
    ]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Return a MusicGPT that was not asked for anything yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    one = Bench(tmp_path)
    yield one
    one.end()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return one that has made a clip; it takes 2 ms for a token, and a tenth of a second to decode."""
    folder = tmp_path_factory.mktemp("warm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "share"))
        patch.setattr(tempfile, "tempdir", str(folder / "scratch"))
        one = Bench(folder, misdeed="token_s:0.002,decode_s:0.1")
        one.make()
        yield one
        one.end()
