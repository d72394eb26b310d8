# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam is painted anew by the generator of the loop itself where it can, else the first whose weights are here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import GeneratorMissing
from engine.generators.base import GeneratorSettings
from engine.generators.diffusion import AceStep, StableAudio, StableAudio3
from engine.generators.diffusion.families import Family
from engine.generators.painters import painter_here
from engine.values import ModelCard
from engine.worker.jobs import run
from engine.worker.mending_jobs import Painter, PainterJob

COMMIT = "0" * 40


@pytest.fixture(autouse=True)
def _libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what diffusion runs on be found, whether it is installed or not: nothing of it is loaded here."""
    monkeypatch.setattr("engine.generators.diffusion.families.find_spec", lambda _name: object())


@pytest.fixture
def settings(tmp_path: Path) -> GeneratorSettings:
    return GeneratorSettings(models_folder=str(tmp_path))


def lay(folder: str, card: ModelCard) -> None:
    """Lay weights out as the hub's library does; what is in the files is not looked at."""
    repository = Path(folder) / f"models--{card.repository.replace('/', '--')}"
    snapshot = repository / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / card.revision).write_text(COMMIT)
    (snapshot / "model_index.json").write_text("{}")


def found(settings: GeneratorSettings, *wished: str) -> tuple[str, str] | None:
    one = painter_here(settings, *wished)
    return None if one is None else (one[0].name, one[1])


def test_nobody_paints_where_no_weights_are(settings: GeneratorSettings) -> None:
    assert found(settings) is None
    assert run(PainterJob(4, settings, "composer", "")) == Painter(4)


def test_the_loop_s_own_generator_and_model_come_first(settings: GeneratorSettings) -> None:
    own, first = StableAudio.cards[0], AceStep.cards[0]
    lay(settings.models_folder, own)
    assert found(settings) == found(settings, "composer") == ("stableaudio", own.name), "the only one that is here"
    lay(settings.models_folder, first)
    assert found(settings, "musicgen", own.name) == ("acestep", first.name)
    assert found(settings, "stableaudio") == ("stableaudio", own.name)
    other = StableAudio3.cards[-1]
    lay(settings.models_folder, other)
    assert found(settings, "stableaudio3", StableAudio3.cards[0].name) == ("stableaudio3", other.name)
    assert run(PainterJob(5, settings, "stableaudio3", other.name)) == Painter(
        5, "stableaudio3", StableAudio3.title, other.name
    )


def test_one_that_cannot_run_or_has_a_checkpoint_that_is_none_is_passed_over(
    settings: GeneratorSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(settings.models_folder, AceStep.cards[0])
    lay(settings.models_folder, StableAudio.cards[0])
    wrong = replace(settings, parameters={}).with_values("acestep", {"folder": str(tmp_path / "none")})
    assert found(wrong) == ("stableaudio", StableAudio.cards[0].name)

    def missing(self: Family, _settings: GeneratorSettings) -> str:
        raise GeneratorMissing(generator=self.title, hint="…")

    monkeypatch.setattr(AceStep, "check", missing)
    assert found(settings) == ("stableaudio", StableAudio.cards[0].name)
