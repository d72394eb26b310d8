# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk takes votes and requests of listeners, within limits for each address and for all together."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

from engine.broadcast.addresses import listener_of
from engine.broadcast.air_log import AirLog
from engine.broadcast.one_line import in_one_line, says_something
from engine.broadcast.word_filter import WordFilter
from engine.serving.answers import Refusal
from engine.values.radio import AirPiece, MusicRequest, ProgrammeState, RadioPlan, Vote

HOUR_S = 3600.0
REQUESTS_PER_HOUR = 3
"""Number of requests that one address has in an hour."""
MOST_WAITING = 20
"""Number of requests that wait at once."""
MOST_CHARACTERS = 200
"""Length of the longest request."""
LATE_PIECES = 2
"""Number of pieces that can be voted for: the one on the air and those just before it."""
_MOST_ADDRESSES = 10_000


class Desk:
    """A desk refuses what is not to be, and passes the rest on.

    Parameters
    ----------
    tell
        Told what listeners ask for: ``Vote``, ``MusicRequest``.
    clock
        Steady, in seconds.

    Attributes
    ----------
    programme
        How the programme stands.
    """

    def __init__(
        self,
        plan: RadioPlan,
        log: AirLog,
        tell: Callable[[object], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._tell, self._clock = log, tell, clock
        self._filter = WordFilter(plan.filtered_words)
        self.programme = ProgrammeState()
        self._voted: OrderedDict[int, set[str]] = OrderedDict()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        # Passed on, and not among those that wait so far.
        self._on_their_way: list[str] = []

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return the requests that wait, the first first."""
        return (*self.programme.waiting, *self._on_their_way)

    @property
    def queue(self) -> dict[str, Any]:
        """Return what everybody may know of the requests: the one that is on or being made, and those that wait."""
        return {"on": self.programme.requested or None, "waiting": list(self.waiting)}

    def follow(self, programme: ProgrammeState) -> None:
        """Take note of how the programme stands."""
        self.programme = programme
        gone = {*programme.waiting, programme.requested}
        self._on_their_way = [one for one in self._on_their_way if one not in gone]

    def vote(self, address: str, number: object, value: object) -> AirPiece:
        """Count a vote for a piece, and return it. Raises Refusal."""
        if value not in ("more", "less"):
            raise Refusal(422, "value", "“value” says “more” or “less”.")
        # What a radio begins with is told at once, before it is heard.
        pieces = [one for one in (self._log.current, *self._log.history[:LATE_PIECES]) if one is not None]
        piece = next((one for one in pieces if one.number == number), None)
        if piece is None or isinstance(number, bool):
            raise Refusal(409, "over", "That piece is not on the air: “number” is that of /current.")
        if not piece.mood:
            raise Refusal(409, "mood", "That piece is of no mood of the station, so there is nothing to vote for.")
        voted = self._voted.setdefault(piece.number, set())
        if listener_of(address) in voted:
            raise Refusal(409, "twice", "Your address has voted for that piece already.")
        if len(voted) >= _MOST_ADDRESSES:
            raise Refusal(429, "rate", "That piece has as many votes as are counted.")
        voted.add(listener_of(address))
        while len(self._voted) > 2 * LATE_PIECES:
            self._voted.popitem(last=False)
        self._tell(Vote(piece.mood, value == "more"))
        return piece

    def request(self, address: str, prompt: object) -> tuple[str, int]:
        """Pass a request on; return it as it waits, in one line, and its place from 1. Raises Refusal."""
        if not isinstance(prompt, str) or not says_something(words := in_one_line(prompt)):
            raise Refusal(422, "empty", "“prompt” says what you want to hear, in a line of text.")
        if len(words) > MOST_CHARACTERS:
            raise Refusal(422, "long", f"A request has {MOST_CHARACTERS} characters at most, and yours {len(words)}.")
        if self._filter.finds(words):
            raise Refusal(422, "words", "A word of that is not played here: say it with others.")
        if words in self.waiting or words == self.programme.requested:
            raise Refusal(409, "waits", "That was requested already.")
        if len(self.waiting) >= MOST_WAITING:
            raise Refusal(503, "full", f"{MOST_WAITING} requests wait already: come again later.", retry_s=300.0)
        self._count(listener_of(address))
        self._on_their_way.append(words)
        self._tell(MusicRequest(words))
        return words, len(self.waiting)

    def _count(self, who: str) -> None:
        now_s = self._clock()
        times = self._asked.setdefault(who, deque())
        self._asked.move_to_end(who)
        while len(self._asked) > _MOST_ADDRESSES:
            self._asked.popitem(last=False)
        while times and now_s - times[0] >= HOUR_S:
            times.popleft()
        if len(times) >= REQUESTS_PER_HOUR:
            sentence = f"An address has {REQUESTS_PER_HOUR} requests an hour, and yours had them."
            raise Refusal(429, "rate", sentence, retry_s=times[0] + HOUR_S - now_s)
        times.append(now_s)
