# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme says which slot of a station is on at a time, and which follows."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import tzinfo

from engine.session.programme.rotation import Rotation
from engine.session.programme.timetable import MINUTE_S, Span, Timetable
from engine.session.programme.votes import Votes
from engine.values.programme import Journey, Mood, Slot, Station, title_key

SHORTEST_S = 120.0
"""Seconds that are no slot of their own: before other hours begin, what is on goes on for them."""
UNDISTURBED_S = 120.0
"""Seconds for which a mood is on before a request takes its turn."""
REQUEST_MINUTES = 5.0
"""Minutes for which a listener's request is played."""
MADE_S = 600.0
"""Seconds that the first loop of a request may take to be made."""
PUT_BACK_S = 60.0
"""Seconds by which a clock is corrected unnoticed."""
MOST_REQUESTS = 20
"""Number of requests that wait."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A mood's turn, in a span of the timetable; of a journey the step, from 0, and what is left of it."""

    span: Span
    mood: Mood
    prompt: str
    seconds: float
    step: int = 0


class Programme:
    """A programme is asked again and again what is on.

    Parameters
    ----------
    begins_s
        When the radio begins, seconds since 1970.
    zone
        Of the clock on the wall; None is the system's.

    Attributes
    ----------
    on
        The slot that is on.
    requests
        Prompts that listeners asked for and that wait, the first first.
    """

    def __init__(
        self, station: Station, begins_s: float, *, votes: Votes | None = None, zone: tzinfo | None = None
    ) -> None:
        self._zone, self.votes = zone, votes or Votes()
        self.requests: deque[str] = deque()
        self._n_prompts: Counter[str] = Counter()
        self._begins_s = begins_s
        self._use(station)
        self._turn = self._turn_at(begins_s, None)
        self._is_heard = False
        self.on = self._slot_of(self._turn, begins_s)
        self._coming = self._turn_at(self.on.ends_s, self._turn)

    def _use(self, station: Station) -> None:
        self.station = station
        self._timetable, self._rotation = Timetable(station.hours, self._zone), Rotation(station.seed)
        self._moods = {title_key(one.title): one for one in reversed(station.moods)}
        self._journeys: dict[str, Journey] = {one.title.casefold(): one for one in station.journeys}

    # --- what is on ---------------------------------------------------------------------------------------------------

    def at(self, now_s: float) -> Slot:
        """Return what is on now."""
        # A clock that was put back by hours would have it last for hours more.
        if not self.on.begins_s - PUT_BACK_S <= now_s < self.on.ends_s:
            self._go_on(now_s)
        return self.on

    @property
    def next(self) -> Slot:
        """Return what follows, as far as that is known now."""
        ends_s = self.on.ends_s
        return self._requested(self.requests[0], ends_s) if self.requests else self._slot_of(self._coming, ends_s)

    def heard(self, now_s: float) -> None:
        """Take note that what is on is heard: a request lasts from then on."""
        if self.on.is_requested and not self._is_heard:
            self.on = replace(self.on, ends_s=now_s + MINUTE_S * REQUEST_MINUTES)
        self._is_heard = True

    def _go_on(self, now_s: float) -> None:
        if self.requests:
            self._begin(self._requested(self.requests.popleft(), now_s))
            return
        turn = self._coming
        if turn.span != self._timetable.at(now_s):
            turn = self._turn_at(now_s, self._turn)
        self._begin_turn(turn, now_s)

    def _begin_turn(self, turn: _Turn, now_s: float) -> None:
        self._turn = turn
        self._begin(self._slot_of(turn, now_s))
        self._coming = self._turn_at(self.on.ends_s, turn)
        # They wait where a mood was chosen, or its hours began, before it was their turn.
        self._make_way(now_s)

    def _begin(self, slot: Slot) -> None:
        self.on, self._is_heard = slot, False

    # --- what is asked ------------------------------------------------------------------------------------------------

    def skip(self, now_s: float) -> None:
        """Have what follows be on now."""
        self._go_on(now_s)

    def play(self, title: str, now_s: float) -> bool:
        """Have a mood be on now, for its minutes; return whether there is one of that title."""
        mood = self._mood(title)
        if mood is None:
            return False
        span, step = self._timetable.at(now_s), self._turn.step
        self._begin_turn(_Turn(span, mood, self._prompt_of(mood), MINUTE_S * mood.minutes, step), now_s)
        return True

    def request(self, prompt: str, now_s: float) -> bool:
        """Have a prompt be on soon, after those that wait; return whether it may wait.

        Who asks is not to wait for a mood's whole turn, which goes on afterwards.
        """
        if len(self.requests) >= MOST_REQUESTS or prompt in self.requests:
            return False
        self.requests.append(prompt)
        self._make_way(now_s)
        return True

    def _make_way(self, now_s: float) -> None:
        """Have the mood that is on end soon, for requests that wait; what is left of its turn comes after them."""
        if self.on.is_requested or not self.requests:
            return
        ends_s = max(now_s, self.on.begins_s + UNDISTURBED_S)
        left_s = self.on.ends_s - ends_s
        if left_s > 0.0:
            self.on = replace(self.on, ends_s=ends_s)
            if left_s >= SHORTEST_S:
                self._coming = replace(self._turn, seconds=left_s)

    def vote(self, title: str, *, is_more: bool) -> None:
        """Count a vote for a mood of this station, from the next choice on."""
        if (mood := self._mood(title)) is not None:
            self.votes.cast(mood.title, is_more=is_more)

    def reload(self, station: Station, now_s: float) -> None:
        """Go on by another station; what is on stays where that has it too."""
        self._use(station)
        turn, before = self._turn, self.on
        if before.is_requested:
            # It is no mood's, and has its minutes.
            self._coming = self._turn_at(before.ends_s, turn)
        elif turn.mood in station.moods and turn.span == self._timetable.at(now_s):
            change_s = self._timetable.change_after(now_s, before.ends_s)
            self.on = replace(before, ends_s=before.ends_s if change_s is None else change_s)
            self._coming = self._turn_at(self.on.ends_s, turn)
        else:
            self._begin_turn(self._turn_at(now_s, None), now_s)

    # --- choosing -----------------------------------------------------------------------------------------------------

    def _turn_at(self, now_s: float, before: _Turn | None) -> _Turn:
        """Return whose turn it is at a time, after this one."""
        span = self._timetable.at(now_s)
        if span.hours.journey:
            return self._step_at(now_s, span, before)
        titles = span.hours.moods or [one.title for one in self.station.moods]
        moods = {mood.title: mood for title in titles if (mood := self._mood(title)) is not None}
        weights = {title: one.weight * self.votes.factor(title) for title, one in moods.items()}
        mood = moods[self._rotation.take(weights, "" if before is None else before.mood.title)]
        return _Turn(span, mood, self._prompt_of(mood), MINUTE_S * mood.minutes)

    def _step_at(self, now_s: float, span: Span, before: _Turn | None) -> _Turn:
        journey = self._journeys[span.hours.journey.casefold()]
        n = len(journey.steps)
        if before is not None and before.span == span:
            step = before.step + 1
            step = step % n if journey.goes_round else min(step, n - 1)
            left_s = MINUTE_S * journey.steps[step][1]
        else:
            begun_s = self._begins_s if span.day is None else self._timetable.begin_of(now_s)
            step, left_s = step_after(journey, now_s - begun_s)
        mood = self._mood(journey.steps[step][0])
        assert mood is not None
        return _Turn(span, mood, self._prompt_of(mood), left_s, step)

    def _mood(self, title: str) -> Mood | None:
        return self._moods.get(title_key(title))

    def _prompt_of(self, mood: Mood) -> str:
        number = self._n_prompts[mood.title]
        self._n_prompts[mood.title] += 1
        return mood.prompts[number % len(mood.prompts)] if mood.prompts else ""

    def _slot_of(self, turn: _Turn, begins_s: float) -> Slot:
        ends_s = begins_s + turn.seconds
        change_s = self._timetable.change_after(begins_s, ends_s + SHORTEST_S)
        return Slot(turn.mood.title, turn.prompt, turn.mood.preset, begins_s, ends_s if change_s is None else change_s)

    def _requested(self, prompt: str, begins_s: float) -> Slot:
        return Slot("", prompt, "", begins_s, begins_s + MADE_S)


def step_after(journey: Journey, seconds: float) -> tuple[int, float]:
    """Return at which step a journey is so many seconds after its begin, and the seconds that are left of it."""
    total_s = MINUTE_S * sum(minutes for _, minutes in journey.steps)
    left_s = seconds % total_s if journey.goes_round else seconds
    for step, (_, minutes) in enumerate(journey.steps):
        if left_s < MINUTE_S * minutes:
            return step, MINUTE_S * minutes - left_s
        left_s -= MINUTE_S * minutes
    return len(journey.steps) - 1, MINUTE_S * journey.steps[-1][1]
