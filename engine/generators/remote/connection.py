# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection reaches one machine over HTTP, and says in one sentence what is wrong where it does not."""

from __future__ import annotations

import json
import logging
import socket
import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.errors import (
    GeneratorError,
    ModelMissing,
    RemoteBusy,
    RemoteError,
    RemoteForgot,
    RemoteLacksModel,
    RemoteLost,
    RemoteNotOurs,
    RemoteRefuses,
    RemoteSilent,
    RemoteTokenMissing,
    RemoteTokenWrong,
    RemoteUnknown,
    RemoteVersionWrong,
    StudioError,
    UserError,
)
from engine.generators.remote.speaker import Machine
from engine.generators.wire import VERSION, VERSION_HEADER
from engine.generators.wire.failures import failure_from
from engine.values.checked import Fields

if TYPE_CHECKING:
    import httpx
    from websockets.sync.client import ClientConnection

READ_S = 10.0
"""Seconds without a byte after which an answer is usually given up."""
MOST_JSON_BYTES = 16 * 2**20
"""Size of the largest answer in JSON that is read."""
MOST_MESSAGE_BYTES = 64 * 2**20
"""Size of the largest message that is read."""

# What websockets tells its log of a handshake holds the token.
_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)


class Connection:
    """A connection has one HTTP client, which keeps its connections, until it is closed.

    Parameters
    ----------
    read_s
        Seconds without a byte after which an answer is given up.
    """

    def __init__(self, machine: Machine, *, read_s: float = READ_S) -> None:
        self.machine = machine
        self._read_s = read_s
        self.place = machine.place
        self._headers = {VERSION_HEADER: str(VERSION)}
        if machine.token:
            self._headers["Authorization"] = f"Bearer {machine.token}"

    @cached_property
    def client(self) -> httpx.Client:
        import httpx

        limits = httpx.Timeout(self._read_s, connect=self.machine.connect_s, pool=self.machine.connect_s)
        # The system's certificates; no proxy that the environment names stands between machines of one house.
        verify = self._tls or False
        return httpx.Client(
            base_url=self.machine.url, headers=self._headers, timeout=limits, verify=verify, trust_env=False
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        return ssl.create_default_context() if self.machine.url.startswith("https:") else None

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.close()

    def ask(self, method: str, path: str, content: bytes | None = None) -> Any:
        """Return what is answered in JSON, None where there is no answer but that it was done.

        Raises RemoteError, and for a request that cannot be made what the machine says of it.
        """
        return parsed(self.read(method, path, MOST_JSON_BYTES, content), self.place)

    def read(self, method: str, path: str, most_bytes: int, content: bytes | None = None) -> bytes:
        """Return the bytes that are answered, ``most_bytes`` at most. Raises as ``ask`` does."""
        import httpx

        out = bytearray()
        try:
            with self.client.stream(method, path, content=content) as answer:
                for part in answer.iter_bytes():
                    out += part
                    if len(out) > most_bytes:
                        raise RemoteNotOurs(machine=self.place, detail="it answers more than there can be")
                if not answer.is_success:
                    raise self.refusal(answer.status_code, bytes(out))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise self.failure(error) from error
        except RuntimeError as error:
            # The client was closed meanwhile: the clip is no longer wanted.
            raise RemoteLost(machine=self.place, detail="it was closed") from error
        return bytes(out)

    def listen(self, path: str) -> ClientConnection:
        """Return a WebSocket on which the machine tells events. Raises RemoteError."""
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect

        url = "ws" + self.machine.url.removeprefix("http") + path
        try:
            return connect(
                url,
                additional_headers=self._headers,
                ssl=self._tls,
                proxy=None,
                compression=None,
                open_timeout=self.machine.connect_s,
                close_timeout=1.0,
                max_size=MOST_MESSAGE_BYTES,
                logger=_log,
            )
        except InvalidStatus as error:
            raise self.refusal(error.response.status_code, bytes(error.response.body or b"")) from error
        except (WebSocketException, OSError) as error:
            raise self.failure(error) from error

    def refusal(self, status: int, body: bytes) -> StudioError:
        """Return what is wrong where a machine answers that it will not."""
        if status == 401:
            return (RemoteTokenWrong if self.machine.token else RemoteTokenMissing)(machine=self.place)
        try:
            error = Fields.of(json.loads(body)).part("error")
            word, said = error.text("kind"), failure_from(error.data)
            if word == "version":
                return RemoteVersionWrong(machine=self.place, theirs=error.whole("protocol"), ours=VERSION)
        except (ValueError, RecursionError):
            return RemoteNotOurs(machine=self.place, detail=f"it answers with HTTP status {status}")
        if isinstance(said, StudioError):
            return of_machine(said, self.place)
        if word == "unknown":
            return RemoteForgot(machine=self.place)
        return (RemoteBusy if word in ("busy", "rate") else RemoteError)(machine=self.place, detail=said)

    def failure(self, error: Exception) -> RemoteError:
        """Return what is wrong where no answer came."""
        import httpx

        causes = _causes(error)
        if any(isinstance(one, socket.gaierror) for one in causes):
            return RemoteUnknown(machine=self.place)
        if any(isinstance(one, ConnectionRefusedError) for one in causes) or _refused(causes):
            return RemoteRefuses(machine=self.place)
        if any(isinstance(one, ssl.SSLError) for one in causes):
            return RemoteError(machine=self.place, detail=f"no secure connection ({str(causes[-1])[:200]})")
        if isinstance(error, httpx.ConnectTimeout | TimeoutError):
            return RemoteSilent(machine=self.place, limit_s=self.machine.connect_s)
        if isinstance(error, httpx.TimeoutException):
            return RemoteSilent(machine=self.place, limit_s=self._read_s)
        detail = (str(error) or type(error).__name__)[:200].rstrip(". ")
        return RemoteLost(machine=self.place, detail=detail)


def of_machine(told: StudioError | str, place: str) -> StudioError:
    """Return what a machine told as a failure of that machine, unless the request is to blame for it."""
    if isinstance(told, ModelMissing):
        return RemoteLacksModel(machine=place, **told.fields)
    # What is not installed there, or does not run there, is no fault of the request: the next machine may have it.
    if isinstance(told, UserError) and not isinstance(told, GeneratorError):
        return told
    return RemoteError(machine=place, detail=str(told).rstrip(". "))


def parsed(content: bytes, place: str) -> Any:
    """Return what JSON says, None for nothing. Raises RemoteNotOurs."""
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RemoteNotOurs(machine=place, detail="it answers no JSON") from error


def _causes(error: BaseException | None) -> list[BaseException]:
    out: list[BaseException] = []
    while error is not None and error not in out:
        out.append(error)
        error = error.__cause__ or error.__context__
    return out


def _refused(causes: list[BaseException]) -> bool:
    """Return whether a name with several addresses was refused at each: that error names none of them alone."""
    return any("refused" in str(one).lower() for one in causes if isinstance(one, OSError))
