# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is MusicGPT as the studio's generator: kept warm where its server runs, else run once for each clip."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Generator as Steps
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import GeneratorError
from engine.generators.base import Generation, GeneratorSettings
from engine.generators.capabilities import Capabilities
from engine.generators.musicgpt.declared import (
    CAPABILITIES,
    MODELS,
    NAME,
    TITLE,
    Order,
    Patience,
    seconds_to_ask,
)
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

# What runs it is imported when a clip is asked for: listing the generators stays quick.
if TYPE_CHECKING:
    from engine.generators.musicgpt.one_shot import OneShot
    from engine.generators.musicgpt.running import Versions
    from engine.generators.musicgpt.warm import Warm

_log = logging.getLogger(__name__)

STARTS_AT_MOST = 2
"""How many clips a server is started for in vain, while MusicGPT run once makes them, before that is given up."""


class MusicGPT:
    """This generator keeps ``musicgpt`` running as a server with its model loaded, or runs it once for each clip.

    Parameters
    ----------
    patience
        How long each part of the work may take.
    is_kept_warm
        Whether a server is tried at all.
    """

    name = NAME
    title = TITLE

    def __init__(self, patience: Patience | None = None, *, is_kept_warm: bool = True) -> None:
        self._patience = patience or Patience()
        self._is_kept_warm = is_kept_warm
        self._runners: tuple[Warm, OneShot, Versions] | None = None
        self._failed_starts: dict[tuple[Path, int], int] = {}

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self, settings: GeneratorSettings) -> str:
        return str(_found(settings))

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def generate(self, request: ClipRequest, settings: GeneratorSettings) -> Generation:
        from engine.generators.musicgpt.words import prompt_of

        executable = _found(settings)
        if settings.is_offline:
            _check_weights(request.model or MODELS[0])
        order = Order(
            job_id=request.job_id,
            executable=executable,
            model=request.model or MODELS[0],
            is_gpu=request.parameters.flag("gpu"),
            prompt=prompt_of(request.prompt, request.parameters),
            secs=seconds_to_ask(request.duration_s),
            requested_s=request.duration_s,
        )
        yield Progress(request.job_id, None, "starting")
        warm, one_shot, versions = self._running()
        clip = yield from self._made(order, warm, one_shot)
        version = yield from versions.of(executable, request.job_id)
        told = {TITLE: version} if version else {}
        return ClipResult(request.job_id, clip, MusicFacts(), seed=None, versions=told)

    def close(self) -> None:
        """End the server, if it runs; another clip starts it again."""
        if self._runners is not None:
            self._runners[0].close()

    def _running(self) -> tuple[Warm, OneShot, Versions]:
        if self._runners is None:
            from engine.generators.musicgpt.one_shot import OneShot
            from engine.generators.musicgpt.running import Versions
            from engine.generators.musicgpt.warm import Warm
            from engine.outside.scratch import sweep

            sweep()
            # However this process ends, its supervisor ends the server: here it is asked to, before.
            atexit.register(self.close)
            self._runners = Warm(self._patience), OneShot(self._patience), Versions(self._patience.version_s)
        return self._runners

    def _made(self, order: Order, warm: Warm, one_shot: OneShot) -> Steps[Progress, None, Clip]:
        from engine.generators.musicgpt.server import ServerCannotRun

        # Another program put in its place is tried anew.
        program = (order.executable, _changed_ns(order.executable))
        if not self._is_kept_warm or self._failed_starts.get(program, 0) >= STARTS_AT_MOST:
            return (yield from one_shot.make(order))
        try:
            clip = yield from warm.make(order)
        except ServerCannotRun as error:
            clip = yield from one_shot.make(order)
            # Only now is it the server that is to blame, and not the model, the disk or the program itself.
            n_failed = STARTS_AT_MOST if error.is_for_good else self._failed_starts.get(program, 0) + 1
            self._failed_starts[program] = n_failed
            if n_failed >= STARTS_AT_MOST:
                _log.warning("MusicGPT cannot be kept running (%s): it is started anew for each clip", error)
        else:
            self._failed_starts.pop(program, None)
        return clip


def _found(settings: GeneratorSettings) -> Path:
    from engine.generators.musicgpt.finding import find_musicgpt

    return find_musicgpt(settings)


def _check_weights(model: str) -> None:
    """Refuse a model that MusicGPT would fetch. Raises GeneratorError."""
    from engine.generators.musicgpt.folder import weights_of

    (card,) = [one for one in CAPABILITIES.cards if one.name == model]
    if not all(path.exists() for path in weights_of(card)):
        detail = f"its model “{model}” is not on this machine, and nothing may be fetched offline"
        raise GeneratorError(generator=TITLE, detail=detail)


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
