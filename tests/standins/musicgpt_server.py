# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for the server of MusicGPT 0.3.28: its messages, its files, its queue with its faults, to the letter.

What it is told to do besides, by ``Switches``, are faults that others saw of it, at a time of the test's choice.
"""

from __future__ import annotations

import asyncio
import contextlib
import http
import json
import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

TOKENS_PER_S, UNTOLD_TOKENS = 50, 3
LATEST_EVENTS = 1000
"""Number of events that are kept for a client; one that lags behind further hears of nothing any more."""
METADATA = ".metadata.json"

Wav = Callable[[str, int], bytes | None]


@dataclass(frozen=True, slots=True)
class Switches:
    """Faults and paces of the server; numbers are tokens, unless they end in ``_s`` (seconds).

    Attributes
    ----------
    token_s, decode_s
        Time for each token, and for decoding them all.
    forget
        How many jobs are dropped without a word, as the one behind an aborted job is.
    lag
        Events after which a client hears of none any more, as when it lags.
    mute
        Token after which a job goes no further, though the server answers.
    freeze, die, drop
        Token at which the process stands still, is killed, or closes all connections.
    refuse, nonsense
        Whether it answers a job by an error without an id, or by what is no JSON.
    deaf
        Whether an abort is not heeded.
    times
        A file to which the seconds of each job are appended, from its start to its result.
    """

    token_s: float = 0.0
    decode_s: float = 0.0
    forget: int = 0
    lag: int = 0
    mute: int = 0
    freeze: int = 0
    die: int = 0
    drop: int = 0
    refuse: bool = False
    nonsense: bool = False
    deaf: bool = False
    times: str = ""


@dataclass(slots=True)
class Job:
    """A job in the queue."""

    id: str
    chat_id: str
    prompt: str
    secs: int
    is_aborted: bool = False


@dataclass(slots=True)
class Client:
    """A client: what it has not been sent yet, and how much it may still hear of."""

    waiting: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    n_left: int = LATEST_EVENTS**3


class StandInServer:
    """A server that keeps its chats and clips in ``folder`` and has its music made by ``wav`` (None: it is lost)."""

    def __init__(self, folder: Path, model: str, device: str, wav: Wav, switches: Switches) -> None:
        self._folder, self._model, self._device = folder, model, device
        self._wav, self._switches = wav, switches
        self._n_to_forget = switches.forget
        self._queue: list[Job] = []
        self._clients: dict[ServerConnection, Client] = {}

    async def run(self, port: int, has_opened: Callable[[], None]) -> None:
        """Serve for ever. Raises OSError when the port is taken."""
        async with serve(
            self._attend, "127.0.0.1", port, process_request=self._answer, compression=None, max_size=None
        ):
            has_opened()
            await self._work()

    # --- jobs ---------------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            if not self._queue:
                await asyncio.sleep(0.01)
                continue
            # Looked at, not taken: that happens at its end, and takes the next job for one that was aborted meanwhile.
            job = self._queue[0]
            if self._n_to_forget:
                self._n_to_forget -= 1
                self._queue.pop(0)
                continue
            began_s = time.monotonic()
            self._keep(job, "User", text=job.prompt)
            self._tell("Start", job, prompt=job.prompt, secs=job.secs)
            error, relpath = await self._process(job)
            self._keep(job, "Ai", relpath=relpath, error=error)
            if self._switches.times:
                with Path(self._switches.times).open("a", encoding="ascii") as file:
                    file.write(f"{time.monotonic() - began_s}\n")
            if error:
                self._tell("Error", job, error=error)
            else:
                self._tell("Result", job, relpath=relpath)
            if self._queue:
                self._queue.pop(0)

    async def _process(self, job: Job) -> tuple[str, str]:
        """Return an error or where the clip is."""
        n_tokens = TOKENS_PER_S * job.secs
        failing = int(job.prompt.split()[2]) if job.prompt.startswith("fail at ") else 0
        for token in range(1, n_tokens - UNTOLD_TOKENS + 1):
            await asyncio.sleep(self._switches.token_s)
            self._tell("Progress", job, progress=float(f"{token / n_tokens:.7g}"))
            await self._misbehave(token)
            if job.is_aborted and not self._switches.deaf:
                return "Aborted", ""
            if token == failing:
                return f"Failed at {failing}", ""
        await asyncio.sleep(self._switches.decode_s)
        data = await asyncio.to_thread(self._wav, job.prompt, job.secs)
        relpath = f"audios/{job.id}.wav"
        if data is not None:
            self._write(relpath, data)
        return "", relpath

    async def _misbehave(self, token: int) -> None:
        if token == self._switches.die:
            os.kill(os.getpid(), signal.SIGKILL)
        if token == self._switches.freeze:
            os.kill(os.getpid(), signal.SIGSTOP)
        if token == self._switches.mute:
            await asyncio.Event().wait()
        if token == self._switches.drop:
            for one in list(self._clients):
                await one.close()

    def _tell(self, kind: str, job: Job, **fields: str | float) -> None:
        message = json.dumps({"Generation": {kind: {"id": job.id, "chat_id": job.chat_id, **fields}}})
        for client in self._clients.values():
            if client.waiting.qsize() > LATEST_EVENTS:
                client.n_left = 0
            if client.n_left:
                client.n_left -= 1
                client.waiting.put_nowait(message)

    # --- clients ------------------------------------------------------------------------------------------------------

    async def _attend(self, connection: ServerConnection) -> None:
        client = Client(n_left=self._switches.lag or LATEST_EVENTS**3)
        with contextlib.suppress(ConnectionClosed):
            await connection.send(json.dumps({"Info": {"model": self._model, "device": self._device}}))
            await connection.send(self._chats())
            async with self._subscribed(connection, client):
                async for data in connection:
                    answer = self._heard(data)
                    if answer is not None:
                        await connection.send(answer)

    @contextlib.asynccontextmanager
    async def _subscribed(self, connection: ServerConnection, client: Client) -> AsyncIterator[None]:
        async def pass_on() -> None:
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await connection.send(await client.waiting.get())

        self._clients[connection] = client
        passing = asyncio.create_task(pass_on())
        try:
            yield
        finally:
            del self._clients[connection]
            passing.cancel()

    def _heard(self, data: str | bytes) -> str | None:
        """Do what a message asks for, and return what is answered."""
        try:
            ((kind, fields),) = json.loads(data).items()
            chat_id = str(uuid.UUID(fields["chat_id"]))
            if kind in ("GenerateAudio", "GenerateAudioNewChat"):
                return self._generate(kind, fields, chat_id)
            if kind == "AbortGeneration":
                self._abort(str(uuid.UUID(fields["id"])), chat_id)
                return None
            if kind == "GetChat":
                return json.dumps({"Chat": [self._chat(chat_id), self._entries(chat_id)]})
            if kind == "SetChatMetadata":
                name = fields["name"]
                self._set_metadata({**self._chat(chat_id), **({"name": str(name)} if name is not None else {})})
                return None
            if kind == "DelChat":
                shutil.rmtree(self._folder / "chats" / chat_id, ignore_errors=True)
                return self._chats()
            raise ValueError(f"unknown variant `{kind}`")  # noqa: TRY301 - as serde does
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return json.dumps({"Error": str(error)})

    def _generate(self, kind: str, fields: dict[str, Any], chat_id: str) -> str | None:
        job = Job(str(uuid.UUID(fields["id"])), chat_id, str(fields["prompt"]), int(fields["secs"]))
        if job.secs < 0 or self._switches.refuse:
            raise ValueError(f"invalid value: integer `{job.secs}`, expected usize")
        if self._switches.nonsense:
            return "<html>"
        self._queue.append(job)
        if kind == "GenerateAudio":
            return None
        self._chat(chat_id)
        return self._chats()

    def _abort(self, job_id: str, chat_id: str) -> None:
        for job in self._queue:
            if (job.id, job.chat_id) == (job_id, chat_id):
                job.is_aborted = True
                self._queue.remove(job)
                return

    # --- what it keeps ------------------------------------------------------------------------------------------------

    def _write(self, relpath: str, data: bytes) -> None:
        path = self._folder / relpath
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _keep(self, job: Job, who: str, **fields: str) -> None:
        now_s = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now_s)) + f".{int(now_s % 1 * 1e9):09d} UTC"
        entry = json.dumps({who: {"id": job.id, "chat_id": job.chat_id, **fields}})
        self._write(f"chats/{job.chat_id}/{stamp}_{job.id}_{int(who == 'Ai')}.json", entry.encode())

    def _entries(self, chat_id: str) -> list[Any]:
        paths = sorted((self._folder / "chats" / chat_id).glob("*.json"))
        return [json.loads(path.read_bytes()) for path in paths if path.name != METADATA]

    def _chat(self, chat_id: str) -> dict[str, Any]:
        """Return a chat; as there, to ask for one makes it."""
        path = self._folder / "chats" / chat_id / METADATA
        with contextlib.suppress(OSError):
            told: dict[str, Any] = json.loads(path.read_bytes())
            return told
        chat = {"chat_id": chat_id, "name": "", "created_at": time.time_ns() // 1_000_000}
        self._set_metadata(chat)
        return chat

    def _set_metadata(self, chat: dict[str, Any]) -> None:
        self._write(f"chats/{chat['chat_id']}/{METADATA}", json.dumps(chat).encode())

    def _chats(self) -> str:
        found = []
        for path in (self._folder / "chats").glob("*"):
            with contextlib.suppress(ValueError):
                found.append(self._chat(str(uuid.UUID(path.name))))
        return json.dumps({"Chats": sorted(found, key=lambda one: -int(one["created_at"]))})

    def _answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/ws":
            return None
        if request.path == "/":
            return _response(http.HTTPStatus.OK, b"<html>a stand-in for MusicGPT</html>")
        path = self._folder / request.path.removeprefix("/files/")
        if request.path.startswith("/files/") and ".." not in path.parts and path.is_file():
            return _response(http.HTTPStatus.OK, path.read_bytes())
        return _response(http.HTTPStatus.NOT_FOUND, b"")


def _response(status: http.HTTPStatus, body: bytes) -> Response:
    headers = Headers({"Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)


def open_browser(port: int) -> None:
    """Open the server's page, as it does whatever its options say: by the first of these programs that works."""
    for command in (["xdg-open"], ["gio", "open"], ["gnome-open"], ["kde-open"]):
        with contextlib.suppress(OSError):
            if subprocess.run([*command, f"http://localhost:{port}"], check=False).returncode == 0:
                return
