# SPDX-License-Identifier: GPL-3.0-or-later
"""This speaker talks with the inference server of infinifi, which makes five lo-fi clips of a minute at a time.

Facts of that server it is built on: its five prompts are its own, so that nothing of a request reaches it; while it
makes clips it answers a second order with HTTP 409 and asks for a clip with 404; clips are MP3 files; its key is sent
as “Authorization: key …”. It tells no progress, no tempo and no seed, and has no question that asks what it is.

All five are fetched once they are made. The one whose own prompt has most in common with the request's is used, the
others are kept for the requests that follow.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from engine.errors import RemoteError
from engine.generators.base import Generation, finished
from engine.generators.capabilities import Capabilities, Limits, Takes
from engine.generators.remote.asking import (
    ABSENT,
    BUSY,
    UNAUTHORISED,
    Answer,
    Line,
    Wait,
    progressing,
)
from engine.generators.remote.received import received_clip
from engine.generators.remote.speaker import Machine, Offer
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

TITLE = "infinifi"
CLIP_S, LONGEST_S = 60.0, 90.0
"""Seconds that a clip lasts, and seconds of the longest that is taken."""
SAMPLE_RATE = 32_000
"""Sample rate of its clips, Hz."""
FRESH_S = 1800.0
"""Seconds for which a clip that was not used yet is kept: after that a person has heard enough of that batch."""

ASKED_S = 20.0
"""Seconds within which an order is taken, or a clip turned down."""
FETCHED_S = 60.0
"""Seconds within which a clip has come."""
MOST_CLIP_BYTES = 2**24
"""Size of the largest clip: a minute of MP3 at its highest rate is a sixth of it."""
MOST_ANSWER_BYTES = 2**20
"""Size of the largest answer to an order."""

MAKING_S = 1200.0
"""Seconds within which the clips have to be made."""
FIRST_REST_S, LONGEST_REST_S, REST_GROWTH = 1.0, 10.0, 1.5
"""Seconds between the first two questions for a clip, between two at most, and by what that grows each time."""
MOST_FAULTS = 3
"""Number of faults in a row after which the server is given up: one may be a restart, or a proxy's hiccup."""

THEMES = (
    (
        "futuristic",
        frozenset({"futuristic", "electronic", "synthwave", "synth", "synths", "neon", "retro", "cyberpunk"}),
    ),
    ("mellow piano", frozenset({"piano", "mellow", "keys", "gentle", "rhodes", "calm"})),
    ("earthy", frozenset({"earthy", "natural", "nature", "organic", "percussion", "acoustic", "leaves", "warm"})),
    ("guitar", frozenset({"guitar", "guitars", "riff", "riffs", "melodic", "strings"})),
    ("ambient", frozenset({"ambient", "ethereal", "pads", "pad", "atmospheric", "minimal", "drone", "sleep"})),
)
"""Names of its five prompts in the order of its clips, and words that lead to each."""
N_CLIPS = len(THEMES)
NOT_UNDERSTOOD = (400, 415, 422)
"""Answers of a server that wants more than an order without content."""

_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A clip that was fetched and not used yet, as it came.

    Attributes
    ----------
    number
        Which of the five it is.
    fetched_s
        When it came, on the monotonic clock.
    """

    number: int
    data: bytes
    fetched_s: float


class InfinifiSpeaker:
    """This speaker asks one server, and keeps what that made beyond what was asked for.

    Attributes
    ----------
    first_rest_s
        Seconds between the first two questions whether the clips are there.
    fresh_s
        Seconds for which a clip is kept.
    """

    def __init__(self, machine: Machine) -> None:
        self.first_rest_s = FIRST_REST_S
        self.fresh_s = FRESH_S
        self._machine = machine
        self._kept: list[_Kept] = []
        self._heard: set[str] = set()  # digests of the batch before: such a clip is not the new one

    def capabilities(self) -> Offer:
        if not self._has_kept():
            with self._line() as line:
                answer = finished(self._clip_asked(line, 0, unread=True))
                if not answer.is_fine and answer.status != 404:
                    raise _refused(line, answer)
        capabilities = Capabilities(
            min_duration_s=1.0,
            max_duration_s=CLIP_S,
            sample_rate=SAMPLE_RATE,
            n_channels=1,
            takes=Takes(n_clips=N_CLIPS),
            limits=Limits(load_s=MAKING_S),
        )
        return Offer(TITLE, capabilities)

    def submit(self, request: ClipRequest, _offer: Offer, /) -> Generation:
        made: list[ClipResult] = []
        with self._line() as line:
            while len(made) < request.n_clips:
                if not self._has_kept():
                    yield from self._fill(line, request.job_id)
                kept = self._taken(request.prompt)
                yield Progress(request.job_id, None, "generating")
                try:
                    made.append(self._result(kept, request))
                except RemoteError:
                    # One spoilt file is no reason to lose the others; that all are is.
                    if not self._has_kept() and not made:
                        raise
        return replace(made[0], others=tuple(made[1:]))

    # --- clips that are kept -----------------------------------------------------------------------------------------

    def _has_kept(self) -> bool:
        """Return whether a clip is kept that is still fresh; the others are dropped."""
        oldest_s = time.monotonic() - self.fresh_s
        self._kept = [one for one in self._kept if one.fetched_s >= oldest_s]
        return bool(self._kept)

    def _taken(self, prompt: str) -> _Kept:
        """Take out the kept clip that has most in common with the prompt; of equal ones the first."""
        words = set(_WORD.findall(prompt.lower()))
        best = max(self._kept, key=lambda one: (len(words & THEMES[one.number][1]), -one.number))
        self._kept.remove(best)
        return best

    def _result(self, kept: _Kept, request: ClipRequest) -> ClipResult:
        whole = received_clip(kept.data, self._machine, longest_s=LONGEST_S)
        clip = Clip(whole.samples[: round(request.duration_s * whole.sample_rate)], whole.sample_rate)
        theme = THEMES[kept.number][0]
        facts = MusicFacts(tags=("lo-fi", theme))
        return ClipResult(request.job_id, clip, facts, seed=None, versions={TITLE: f"clip {kept.number}, {theme}"})

    # --- what is sent, and what comes --------------------------------------------------------------------------------

    def _line(self) -> Line:
        token = self._machine.token
        return Line(self._machine, TITLE, {"Authorization": f"key {token}"} if token else {})

    def _fill(self, line: Line, job_id: int) -> Generator[Progress, None, None]:
        """Have five clips made and fetch them. Raises RemoteError."""
        ordered = line.ask("POST", "/generate", limit_s=ASKED_S, most_bytes=MOST_ANSWER_BYTES)
        answer = yield from progressing(ordered, job_id, "starting")
        # While it makes clips for another client, those are as good: its prompts are always the same.
        is_busy = answer.status in BUSY
        if not answer.is_fine and not is_busy:
            raise _refused(line, answer)
        first = yield from progressing(self._first(line), job_id, "waiting" if is_busy else "generating")
        batch = [_Kept(0, first, time.monotonic())]
        for number in range(1, N_CLIPS):
            answer = yield from progressing(self._clip_asked(line, number), job_id, "downloading")
            if answer.is_fine:
                batch.append(_Kept(number, answer.body, time.monotonic()))
        self._heard = {_digest(one.data) for one in batch}
        self._kept = batch

    def _first(self, line: Line) -> Wait[bytes]:
        """Ask for the first clip, less and less often, until it is made: the others are made with it."""
        ends_s, faults = time.monotonic() + MAKING_S, 0
        for rest_s in rests(self.first_rest_s):
            fault: RemoteError | None = None
            try:
                answer = yield from self._clip_asked(line, 0)
            except RemoteError as error:
                fault = error
            else:
                if answer.is_fine and _digest(answer.body) not in self._heard:
                    return answer.body
                if not answer.is_fine and answer.status not in (404, *BUSY):
                    fault = _refused(line, answer)
                    if answer.status in (*UNAUTHORISED, *ABSENT):
                        raise fault
            faults = faults + 1 if fault is not None else 0
            if fault is not None and faults >= MOST_FAULTS:
                raise fault
            if time.monotonic() > ends_s:
                raise line.failed(f"its clips were not made within {MAKING_S / 60.0:.0f} minutes")
            yield from line.rest(rest_s)
        raise AssertionError("the rests have no end")

    def _clip_asked(self, line: Line, number: int, *, unread: bool = False) -> Wait[Answer]:
        limit_s = ASKED_S if unread else FETCHED_S
        path = f"/clips/{number}"
        return (yield from line.ask("POST", path, limit_s=limit_s, most_bytes=MOST_CLIP_BYTES, unread=unread))


def rests(first_s: float) -> Iterator[float]:
    """Yield the seconds between a question and the next, which grow up to ``LONGEST_REST_S``, without end."""
    rest_s = first_s
    while True:
        yield rest_s
        rest_s = min(rest_s * REST_GROWTH, LONGEST_REST_S)


def _refused(line: Line, answer: Answer) -> RemoteError:
    """Return the error for an answer that is not fine; infinifi's own web page answers there too, on another port."""
    if answer.status == 405:
        return line.not_spoken("it is a web page, and the address has to be that of infinifi’s inference server")
    if answer.status in NOT_UNDERSTOOD:
        return line.not_spoken(f"HTTP {answer.status} to {answer.path}")
    return line.refusal(answer)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
