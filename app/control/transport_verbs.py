# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs of the transport: what a listener asks of the music."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.control.named_settings import with_setting
from app.control.wire import Answer
from app.control.words import found_file, is_off, number, switch
from engine.errors import CannotRate, EmptyPrompt, NeedsWords, NothingPlays, WrongKind

if TYPE_CHECKING:
    from app.control.facts import StudioFacts
    from app.control.owner import SettingsOwner
    from app.control.waiting import Reply
    from engine.qt.studio import StudioEngine

LONGEST_SLEEP_MIN = 1440.0


class TransportVerbs(QObject):
    """These verbs start, stop and steer the music, and tell how it stands."""

    start_wanted = Signal()
    stop_wanted = Signal()
    next_wanted = Signal()
    previous_wanted = Signal()
    never_wanted = Signal()
    pause_wanted = Signal(bool)
    hold_wanted = Signal(bool)
    favourite_wanted = Signal(bool)
    sleep_wanted = Signal(float)
    candidate_wanted = Signal(int)
    sounds_wanted = Signal(object)

    def __init__(self, engine: StudioEngine, facts: StudioFacts, owner: SettingsOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._facts, self._owner = facts, owner
        transport = engine.transport
        self.start_wanted.connect(transport.start)
        self.stop_wanted.connect(transport.stop)
        self.next_wanted.connect(transport.next)
        self.previous_wanted.connect(transport.previous)
        self.never_wanted.connect(transport.never_again)
        self.pause_wanted.connect(transport.set_paused)
        self.hold_wanted.connect(transport.hold)
        self.favourite_wanted.connect(transport.set_favourite)
        self.sleep_wanted.connect(transport.sleep_after)
        self.candidate_wanted.connect(engine.loop.choose_candidate)
        self.sounds_wanted.connect(engine.bringing.bring)

    def do_start(self, words: Sequence[str], _reply: Reply) -> Answer:
        prompt = " ".join(words)
        if prompt:
            self._owner.take(with_setting(self._owner.settings, "prompt", prompt))
        elif not self._owner.settings.prompt:
            raise EmptyPrompt
        self.start_wanted.emit()
        return Answer(f"playing “{self._owner.settings.prompt}”", {"prompt": self._owner.settings.prompt})

    def do_stop(self, _words: Sequence[str], _reply: Reply) -> Answer:
        self.stop_wanted.emit()
        return Answer("stopped")

    def do_next(self, _words: Sequence[str], _reply: Reply) -> Answer:
        self._refuse_silence()
        self.next_wanted.emit()
        coming = f"“{self._facts.next.title}”" if self._facts.next.kind == "ready" else "what there is"
        return Answer(f"going on to {coming}")

    def do_previous(self, _words: Sequence[str], _reply: Reply) -> Answer:
        self._refuse_silence()
        if not self._facts.transport.has_previous:
            return Answer("nothing played before this")
        self.previous_wanted.emit()
        return Answer("going back")

    def do_never(self, _words: Sequence[str], _reply: Reply) -> Answer:
        title = self._rated_title()
        self.never_wanted.emit()
        return Answer(f"“{title}” is never played again")

    def do_pause(self, words: Sequence[str], _reply: Reply) -> Answer:
        self._refuse_silence()
        on = switch("pause", words, not self._facts.transport.is_paused)
        self.pause_wanted.emit(on)
        return Answer("paused" if on else "playing on", {"paused": on})

    def do_hold(self, words: Sequence[str], _reply: Reply) -> Answer:
        self._refuse_silence()
        on = switch("hold", words, not self._facts.transport.is_held)
        self.hold_wanted.emit(on)
        return Answer("this loop stays" if on else "this loop may go", {"held": on})

    def do_favourite(self, words: Sequence[str], _reply: Reply) -> Answer:
        title = self._rated_title()
        on = switch("favourite", words, not self._facts.transport.is_favourite)
        self.favourite_wanted.emit(on)
        return Answer(f"“{title}” is {'a favourite' if on else 'no favourite any more'}", {"favourite": on})

    def do_sleep(self, words: Sequence[str], _reply: Reply) -> Answer:
        minutes = 0.0 if is_off(words) else number("sleep", words, 1.0, LONGEST_SLEEP_MIN)
        if minutes:
            self._refuse_silence()
        self.sleep_wanted.emit(minutes)
        on = "plays on" if self._facts.is_running else "nothing plays"
        return Answer(f"stops in {minutes:g} min" if minutes else on, {"minutes": minutes})

    def do_add(self, words: Sequence[str], _reply: Reply) -> Answer:
        if not words:
            raise NeedsWords(verb="add", usage="add FILE…")
        for word in words:
            found_file(word)
        self.sounds_wanted.emit(tuple(words))
        return Answer(f"{len(words)} to be played" if len(words) > 1 else f"{words[0]} is to be played")

    def do_candidates(self, _words: Sequence[str], _reply: Reply) -> Answer:
        from app.control import answers

        return answers.candidates(self._facts)

    def do_candidate(self, words: Sequence[str], _reply: Reply) -> Answer:
        view = self._facts.view
        if view is None or not view.candidates:
            raise NothingPlays
        n = number("candidate", words, 1.0, float(len(view.candidates)))
        if n != int(n):
            raise WrongKind(name="candidate", value=words[0], kind="a whole number")
        self.candidate_wanted.emit(int(n) - 1)
        when = "plays" if self._facts.is_running else "is chosen, and nothing plays: the music is stopped"
        return Answer(f"candidate {n:g} {when}", {"n": int(n)})

    def do_validate(self, _words: Sequence[str], _reply: Reply) -> Answer:
        from app.control import answers

        return answers.validated(self._facts)

    def do_status(self, _words: Sequence[str], _reply: Reply) -> Answer:
        from app.control import answers

        return answers.status(self._facts, self._owner.settings)

    def _refuse_silence(self) -> None:
        if not self._facts.is_running:
            raise NothingPlays

    def _rated_title(self) -> str:
        view = self._facts.view
        if view is None:
            raise NothingPlays
        if not self._facts.transport.can_rate:
            raise CannotRate(title=view.recipe.title)
        return view.recipe.title
