# SPDX-License-Identifier: GPL-3.0-or-later
"""Steering carries out the verbs: what is said in words becomes the engine's commands, and is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.control.file_verbs import FileVerbs
from app.control.setting_verbs import SettingVerbs
from app.control.transport_verbs import TransportVerbs
from app.control.verbs import Takes, verb_named
from app.control.waiting import Reply, Waiting
from app.control.wire import Answer, Request
from engine.errors import NoWindow, StudioError, TooManyWords, UnknownVerb

if TYPE_CHECKING:
    from app.control.facts import StudioFacts
    from app.control.owner import SettingsOwner
    from engine.qt.studio import StudioEngine

_log = logging.getLogger(__name__)


class Steering(QObject):
    """Steering does what is said, by a method ``do_VERB`` of one of its groups of verbs.

    Parameters
    ----------
    leave
        Ends the studio.
    show
        Brings its window to the front; None where it has none.
    """

    _asked = Signal(object, object)

    def __init__(
        self,
        engine: StudioEngine,
        facts: StudioFacts,
        owner: SettingsOwner,
        leave: Callable[[], None],
        parent: QObject | None = None,
        *,
        show: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._leave, self._show = leave, show
        self._is_stopped = False
        self._waiting = Waiting(engine, self)
        self._groups: tuple[QObject, ...] = (
            self,
            TransportVerbs(engine, facts, owner, self),
            FileVerbs(engine, facts, owner, self._waiting, self),
            SettingVerbs(engine, facts, owner, self._waiting, self),
        )
        self._asked.connect(self.do)

    def stop(self) -> None:
        """Do nothing more that is asked, and answer nothing any more that is waited for."""
        self._is_stopped = True
        self._waiting.stop()

    def ask(self, request: Request, reply: Reply) -> None:
        """Carry a request out on this object's thread, and reply there, soon or later; for any thread to call."""
        self._asked.emit(request, reply)

    @Slot(object, object)
    def do(self, request: Request, reply: Reply) -> None:
        """Carry a request out, here and now; the reply may come later."""
        if self._is_stopped:
            return
        try:
            answer = self._answer(request, reply)
        except StudioError as error:
            reply(error)
        except Exception as error:  # noqa: BLE001 - the boundary to other programs: who asks is answered, come what may
            _log.exception("“%s” failed", request.verb)
            reply(StudioError(detail=f"{type(error).__name__}: {error}"))
        else:
            # None: it comes later, or came already.
            if answer is not None:
                reply(answer)

    def _answer(self, request: Request, reply: Reply) -> Answer | None:
        verb = verb_named(request.verb)
        # A file's name is taken as it is.
        keeps = verb.takes in (Takes.FILE, Takes.FILES)
        words = tuple(one if keeps else one.strip() for one in request.words if one.strip())
        if verb.is_local:
            raise UnknownVerb(value=verb.name, hint="it is for the shell of “term” itself")
        if verb.takes is Takes.NOTHING and words:
            raise TooManyWords(verb=verb.name, value=" ".join(words)[:40])
        for group in self._groups:
            do: Callable[[Sequence[str], Reply], Answer | None] | None = getattr(group, f"do_{verb.name}", None)
            if do is not None:
                return do(words, reply)
        raise AssertionError(verb.name)

    def do_show(self, _words: Sequence[str], _reply: Reply) -> Answer:
        """Bring the window to the front."""
        if self._show is None:
            raise NoWindow
        self._show()
        return Answer("the window is shown")

    def do_quit(self, _words: Sequence[str], reply: Reply) -> None:
        """Leave, when that was answered."""
        reply(Answer("leaving"))
        self._leave()
