# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a warm MusicGPT for one clip: it follows the job, recovers what it missed, and clears up behind it.

Three faults of the server's are designed around. When a running job is aborted, the next one in its queue is lost
without a word: so there is never a second one. A client that lagged behind hears nothing more: so, after a silence, a
new connection asks for the chat, which says how the job ended. What it made it keeps for ever: so it is removed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator as Steps
from dataclasses import dataclass, field

from engine.errors import GeneratorError, GeneratorHung, GeneratorOutputBad
from engine.generators.delivered import check_size, read_delivered
from engine.generators.musicgpt import folder
from engine.generators.musicgpt.client import Chat, Chats, ConnectionLost, Event, Message, Refusal, fetch
from engine.generators.musicgpt.declared import POLL_S, TITLE, Order, Patience
from engine.generators.musicgpt.line import Line
from engine.generators.musicgpt.server import Server, ServerLost
from engine.values import Clip, Progress

_CLIP = "clip.wav"
_TOKENS_PER_S = 50
_LAST_TOKENS = 3
"""Number of a clip's last tokens that the server does not tell: after the one before them it decodes."""
_POP_S = 0.05
"""Seconds after an abort in which the server may still take the next job for the aborted one, and drop it."""
_FETCH_LIMIT_S = 30.0


class JobLost(Exception):
    """The server has forgotten the job."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a model: seconds of work for each second of audio, for its tokens and for decoding them."""

    tokens: float
    decoding: float


@dataclass(slots=True)
class _Course:
    """The course of a job: when it was asked for, when it was last heard of, when it was asked after, how far it is."""

    asked_s: float = field(default_factory=time.monotonic)
    moved_s: float = 0.0
    enquired_s: float = 0.0
    fraction: float = 0.0
    tokens_s: float = 0.0

    def __post_init__(self) -> None:
        self.moved_s = self.enquired_s = self.asked_s

    @property
    def has_begun(self) -> bool:
        return self.moved_s > self.asked_s

    def quiet_s(self, now_s: float) -> float:
        return now_s - max(self.moved_s, self.enquired_s)


class Asking:
    """An asking is one clip, asked of ``server``; ``make`` once, then it is over.

    Attributes
    ----------
    clip_id
        The clip's name on the server.
    is_open
        Whether the server may still be working on it: it was cancelled, and has not ended yet.
    pace
        How fast the model was before, and once the clip is made, how fast it was now.
    """

    def __init__(self, server: Server, order: Order, patience: Patience, pace: Pace | None) -> None:
        self.clip_id = folder.new_id()
        self.is_open = False
        self.pace = pace
        self._server, self._order, self._patience = server, order, patience
        self._limit_s = patience.start_s + patience.per_second_s * order.secs
        self._mute_s = patience.mute_s + patience.mute_per_second_s * order.secs

    def make(self, before: Asking | None) -> Steps[Progress, None, Clip]:
        """Wait until the one ``before``, which was cancelled, has ended, then ask for the clip and return it.

        Closing it aborts the job.

        Raises
        ------
        GeneratorError
            The server made none, or one that cannot be used.
        JobLost
            It is to be asked again.
        ServerLost
            So it is, of another server.
        """
        line = Line(self._server)
        try:
            yield from self._reach(line)
            if before is not None:
                yield from self._see_off(before, line)
            self.is_open = True
            line.say("GenerateAudio", id=self.clip_id, prompt=self._order.prompt, secs=self._order.secs)
            relpath = yield from self._follow(line)
            return (yield from self._fetched(relpath))
        finally:
            with contextlib.suppress(ServerLost):
                if self.is_open:
                    self._abort(line)
                if not self.is_open and not (before is not None and before.is_open):
                    self._clear_up(line)
            line.close()

    def _reach(self, line: Line) -> Steps[Progress, None, None]:
        """Wait until the server answers: one that was not needed for long may have to be read from the disk again."""
        began_s = time.monotonic()
        while not line.is_up:
            if time.monotonic() - began_s > self._patience.mute_s:
                raise ServerLost(GeneratorError(generator=TITLE, detail="its server does not answer any more"))
            yield Progress(self._order.job_id, None, "starting")
            line.hear(POLL_S)

    # --- following it -------------------------------------------------------------------------------------------------

    def _follow(self, line: Line) -> Steps[Progress, None, str]:
        """Follow the job to its end and return where the clip is."""
        course = _Course()
        while True:
            message = line.hear(POLL_S)
            now_s = time.monotonic()
            self._check(message, course, now_s)
            end = _end_of(self.clip_id, message)
            if end is not None:
                self.is_open = False
                if end.kind == "Error":
                    raise GeneratorError(generator=TITLE, detail=end.error.rstrip(". ") or "it does not say why")
                secs, work_s = self._order.secs, now_s - course.asked_s
                self.pace = Pace(course.tokens_s / secs, (work_s - course.tokens_s) / secs)
                return end.relpath
            if isinstance(message, Event) and message.clip_id == self.clip_id:
                course.moved_s = now_s
                if message.kind == "Progress":
                    course.tokens_s, course.fraction = now_s - course.asked_s, min(max(message.progress, 0.0), 1.0)
            if course.quiet_s(now_s) > self._patience.quiet_s:
                course.enquired_s = now_s
                line.renew()
            yield self._told(course, now_s - course.asked_s)

    def _check(self, message: Message | None, course: _Course, now_s: float) -> None:
        """Find out what keeps the clip from coming. Raises GeneratorError, JobLost, ServerLost."""
        if isinstance(message, Refusal) and not course.has_begun:
            self.is_open = False
            raise GeneratorError(generator=TITLE, detail=f"its server refused the request ({message.text})")
        was_quiet = course.enquired_s > course.asked_s
        if isinstance(message, Chat) and was_quiet and not course.has_begun and self.clip_id not in message.known:
            self.is_open = False
            raise JobLost
        if now_s - course.asked_s > self._limit_s:
            raise ServerLost(GeneratorHung(generator=TITLE, limit_s=self._limit_s))
        if now_s - course.moved_s > self._mute_s:
            raise ServerLost(GeneratorHung(generator=TITLE, limit_s=now_s - course.asked_s))

    def _told(self, course: _Course, work_s: float) -> Progress:
        secs, fraction, pace = self._order.secs, course.fraction, self.pace
        is_decoding = fraction >= 1.0 - (_LAST_TOKENS + 0.5) / (_TOKENS_PER_S * secs)
        left_s = None
        if fraction:
            left_s = course.tokens_s / fraction + (pace.decoding * secs if pace is not None else 0.0) - work_s
        elif pace is not None:
            left_s = (pace.tokens + pace.decoding) * secs - work_s
        return Progress(
            self._order.job_id,
            fraction,
            "finishing" if is_decoding else "generating",
            left_s if left_s is not None and left_s > 0.0 else None,
        )

    def _fetched(self, relpath: str) -> Steps[Progress, None, Clip]:
        """Fetch the clip through the scratch folder, where it is looked at before it is read."""
        requested_s = self._order.requested_s
        path = self._server.scratch.path / _CLIP
        path.unlink(missing_ok=True)
        try:
            with path.open("xb") as file:
                for part in fetch(self._server.port, relpath, limit_s=_FETCH_LIMIT_S):
                    file.write(part)
                    check_size(file.tell(), generator=TITLE, requested_s=requested_s)
                    yield Progress(self._order.job_id, 1.0, "finishing")
            return read_delivered(self._server.scratch, _CLIP, generator=TITLE, requested_s=requested_s)
        except FileNotFoundError:
            raise GeneratorOutputBad(generator=TITLE, detail="it wrote no audio file") from None
        except ConnectionLost as error:
            self._server.look()
            detail = f"its audio file could not be fetched ({error})"
            raise ServerLost(GeneratorError(generator=TITLE, detail=detail)) from error
        finally:
            path.unlink(missing_ok=True)

    # --- its end ------------------------------------------------------------------------------------------------------

    def _abort(self, line: Line) -> None:
        """Have the server end the job, and wait for that a little; one that decodes ends only then."""
        line.say("AbortGeneration", id=self.clip_id)
        deadline_s = time.monotonic() + self._patience.cancel_s
        while self.is_open and time.monotonic() < deadline_s:
            if _end_of(self.clip_id, line.hear(POLL_S)):
                time.sleep(_POP_S)
                self.is_open = False

    def _see_off(self, before: Asking, line: Line) -> Steps[Progress, None, None]:
        """Wait until a cancelled job has ended. Raises ServerLost when it does not."""
        began_s = enquired_s = time.monotonic()
        line.renew()
        while before.is_open:
            message = line.hear(POLL_S)
            now_s = time.monotonic()
            # One that had not begun is dropped without a word.
            is_dropped = isinstance(message, Chat) and before.clip_id not in message.known
            if is_dropped or _end_of(before.clip_id, message):
                time.sleep(_POP_S)
                before.is_open = False
            elif now_s - began_s > self._mute_s:
                raise ServerLost(GeneratorHung(generator=TITLE, limit_s=self._mute_s))
            elif now_s - enquired_s > self._patience.quiet_s:
                enquired_s = now_s
                line.renew()
            yield Progress(self._order.job_id, None, "starting")
        folder.remove_clip(before.clip_id)

    def _clear_up(self, line: Line) -> None:
        """Have the server forget the chat, and remove what it made."""
        line.say("DelChat")
        deadline_s = time.monotonic() + self._patience.cancel_s
        while time.monotonic() < deadline_s:
            message = line.hear(POLL_S)
            if isinstance(message, Chats) and folder.CHAT_ID not in message.chat_ids:
                break
        folder.remove_clip(self.clip_id)


def _end_of(clip_id: str, message: Message | None) -> Event | None:
    """Return the end of that job, if the message tells it: as it happens, or from the chat."""
    for one in message.ended if isinstance(message, Chat) else (message,):
        if isinstance(one, Event) and one.clip_id == clip_id and one.kind in ("Result", "Error"):
            return one
    return None
