# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the servers that models come from: the Hugging Face hub, a release on GitHub, an index of packages.

It announces itself in each answer's ``Server`` header, speaks their HTTP on loopback as far as our downloads need it,
and misbehaves on request: it cuts connections, sends other bytes, refuses, or ignores where a download wants to go on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

COMMIT = "c0ffee" + "0" * 34
NAME = "stand-in hub"
_FROM = re.compile(r"bytes=(\d+)-")
_API = re.compile(r"/api/models/([^/]+/[^/]+)(?:/revision/([^/]+)|/tree/([^/]+))?")
_RESOLVE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
CHUNK_BYTES = 1 << 14


def git_sha1(content: bytes) -> str:
    """Return what git calls a file."""
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Repository:
    """A repository on the hub: files by name, of which large ones are stored elsewhere (LFS), as real weights are."""

    files: dict[str, bytes]
    large: frozenset[str] = frozenset()
    gated: bool = False

    def tree(self) -> list[dict[str, object]]:
        out: list[dict[str, object]] = []
        for path, content in self.files.items():
            entry: dict[str, object] = {"type": "file", "path": path, "size": len(content), "oid": git_sha1(content)}
            if path in self.large:
                entry["lfs"] = {"oid": sha256(content), "size": len(content), "pointerSize": 134}
            out.append(entry)
        return out


@dataclass
class Hub:
    """A running stand-in, and what it is asked to do wrong.

    Attributes
    ----------
    cuts
        For how many more answers the connection is cut after ``cut_bytes``.
    spoiled
        Whether the last byte of large files comes as another.
    ignores_range
        Whether each file is sent from its start, whatever part of it is asked for.
    holds
        Set when large files are sent on: cleared, they stand still after ``cut_bytes``.
    asked
        Method, path and range of each request.
    connections
        All of them, to be ended with it: clients keep theirs open.
    """

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    cuts: int = 0
    cut_bytes: int = 1 << 15
    spoiled: bool = False
    ignores_range: bool = False
    holds: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)

    def add(self, name: str, files: dict[str, bytes], large: tuple[str, ...] = (), *, gated: bool = False) -> None:
        """Offer a repository."""
        self.repositories[name] = Repository(files, frozenset(large), gated)

    def add_release(self, path: str, file: str, content: bytes, *, digest: str | None = "") -> None:
        """Offer a release with one file; its digest is its checksum, or what is given."""
        self.files[f"/download/{file}"] = content
        told = f"sha256:{sha256(content)}" if digest == "" else digest
        asset = {"name": file, "size": len(content), "browser_download_url": f"{self.url}/download/{file}"}
        self.answers[path] = {"tag_name": "v0", "assets": [{**asset, "digest": told}]}

    def add_wheel(self, project: str, file: str, content: bytes) -> None:
        """Offer a package in the index below ``/simple``."""
        self.files[f"/packages/{file}"] = content
        link = f'<a href="/packages/{file}#sha256={sha256(content)}">{file}</a>'
        self.files[f"/simple/{project}/"] = f"<!DOCTYPE html><html><body>{link}</body></html>".encode()

    def n_bodies(self, part: str) -> int:
        """Return how many times something whose path holds ``part`` was sent, or begun."""
        return sum(method == "GET" and part in path for method, path, _ in self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = NAME
    hub: Hub

    def setup(self) -> None:
        super().setup()
        self.hub.connections.append(self.connection)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: tests fail on stray words."""

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def _answer(self, *, has_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path, self.headers.get("Range", "")))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if (found := _API.fullmatch(path)) is not None:
                self._tell(found[1], is_tree=found[3] is not None)
            elif (found := _RESOLVE.fullmatch(path)) is not None:
                self._resolve(found[1], found[3], has_body=has_body)
            elif path in self.hub.answers:
                self._json(200, self.hub.answers[path])
            elif path in self.hub.files:
                kind = "text/html" if path.endswith("/") else "application/octet-stream"
                self._send(self.hub.files[path], {"Content-Type": kind}, has_body=has_body)
            elif path.startswith("/cdn/"):
                assert "Authorization" not in self.headers
                self._send(self._stored(path.removeprefix("/cdn/")), {}, has_body=has_body)
            else:
                self._json(404, {"error": "Not Found"})

    def _tell(self, name: str, *, is_tree: bool) -> None:
        repository = self.hub.repositories.get(name)
        if repository is None:
            # The hub tells strangers no more of what is private than of what is not there.
            self._json(401, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        elif is_tree:
            self._json(200, repository.tree())
        else:
            siblings = [{"rfilename": path} for path in repository.files]
            gated = "manual" if repository.gated else False
            self._json(200, {"id": name, "sha": COMMIT, "gated": gated, "siblings": siblings})

    def _resolve(self, name: str, path: str, *, has_body: bool) -> None:
        repository = self.hub.repositories.get(name)
        if repository is None or path not in repository.files:
            self._json(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
        elif repository.gated and self.headers.get("Authorization") != "Bearer accepted":
            self._json(401, {"error": "Access is restricted"}, {"X-Error-Code": "GatedRepo"})
        elif path in repository.large:
            content = repository.files[path]
            told = {"X-Linked-Size": str(len(content)), "X-Linked-Etag": f'"{sha256(content)}"'}
            # The hub's large files are on other hosts, which are not shown its tokens.
            where = {"Location": f"{self.hub.url.replace('127.0.0.1', 'localhost')}/cdn/{sha256(content)}"}
            self._head(302, 0, {"X-Repo-Commit": COMMIT, **told, **where})
        else:
            content = repository.files[path]
            told = {"X-Repo-Commit": COMMIT, "ETag": f'"{git_sha1(content)}"'}
            self._send(content, told, has_body=has_body)

    def _stored(self, name: str) -> bytes:
        contents = (one for each in self.hub.repositories.values() for one in each.files.values())
        return next(one for one in contents if sha256(one) == name)

    def _send(self, content: bytes, headers: dict[str, str], *, has_body: bool) -> None:
        hub, at, status = self.hub, 0, 200
        asked = _FROM.fullmatch(self.headers.get("Range", ""))
        if asked is not None and not hub.ignores_range:
            at, status = int(asked[1]), 206
            if at >= len(content):
                self._json(416, {"error": "Range Not Satisfiable"})
                return
            headers = {**headers, "Content-Range": f"bytes {at}-{len(content) - 1}/{len(content)}"}
        self._head(status, len(content) - at, headers)
        if not has_body:
            return
        if hub.spoiled and len(content) > CHUNK_BYTES:
            content = content[:-1] + bytes([content[-1] ^ 1])
        cut_at = at + hub.cut_bytes if hub.cuts and len(content) - at > hub.cut_bytes else None
        for first in range(at, len(content), CHUNK_BYTES):
            if cut_at is not None and first >= cut_at:
                hub.cuts -= 1
                self.close_connection = True
                return
            if first - at >= hub.cut_bytes:
                hub.holds.wait(20.0)
            self.wfile.write(content[first : first + CHUNK_BYTES])

    def _json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self._head(status, len(body), {"Content-Type": "application/json", **(headers or {})})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, n_bytes: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(n_bytes)}.items():
            self.send_header(name, value)
        self.end_headers()


@contextlib.contextmanager
def running_hub() -> Iterator[Hub]:
    """Yield a stand-in that runs on loopback until the block ends."""
    hub = Hub()
    hub.holds.set()
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="stand-in hub")
    thread.start()
    try:
        yield hub
    finally:
        hub.holds.set()
        server.shutdown()
        thread.join()
        for one in hub.connections:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        server.server_close()


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Return a stand-in that the hub's own library talks to, here and in child processes, with a cache of its own."""
    from huggingface_hub import constants

    with running_hub() as one:
        cache = tmp_path_factory.mktemp("hub cache")
        for name, value in (("HF_ENDPOINT", one.url), ("HF_HUB_CACHE", str(cache)), ("HF_HUB_DISABLE_TELEMETRY", "1")):
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(constants, "ENDPOINT", one.url)
        template = one.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        yield one
