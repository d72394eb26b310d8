# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's server speaks as MusicGPT 0.3.28 does, faults included; the studio's client has no part in this."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.standins import install_musicgpt

MINE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())


@dataclass
class Peer:
    """A peer is a client that says and hears JSON."""

    socket: ClientConnection
    port: int
    folder: Path

    def say(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({kind: fields}))

    def hear(self) -> tuple[str, Any]:
        ((kind, value),) = json.loads(self.socket.recv(20.0)).items()
        return kind, value

    def event(self) -> tuple[str, Any]:
        kind, value = self.hear()
        assert kind == "Generation"
        ((name, fields),) = value.items()
        return name, fields

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20.0)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def hears_nothing(self) -> bool:
        """Return whether no event comes before the answer to a question."""
        self.say("GetChat", chat_id=str(uuid.uuid4()))
        return self.hear()[0] == "Chat"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Return the port and the data folder of a stand-in with the small model, 2 ms a token."""
    folder = tmp_path_factory.mktemp("protocol")
    stubs = folder / "stubs"
    stubs.mkdir()
    (stubs / "xdg-open").write_text(f'#!/bin/sh\necho "$1" > "{folder}/opened"\n')
    (stubs / "xdg-open").chmod(0o755)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    program = install_musicgpt(folder / "bin", misdeed="token_s:0.002,beep,load:0.1")
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "PATH": f"{stubs}{os.pathsep}{os.environ['PATH']}"}
    command = [str(program), "--ui-port", str(port), "--ui-no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        deadline_s = time.monotonic() + 60.0
        while not (folder / "opened").exists():
            assert time.monotonic() < deadline_s
            time.sleep(0.02)
        yield port, folder / "musicgpt"
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def peer(server: tuple[int, Path]) -> Iterator[Peer]:
    port, folder = server
    with connect(f"ws://127.0.0.1:{port}/ws", proxy=None, max_queue=None) as one:
        peer = Peer(one, port, folder)
        assert peer.hear() == ("Info", {"model": "MusicGen Small", "device": "Cpu"})
        assert peer.hear()[0] == "Chats"
        yield peer


def test_it_opens_a_browser_though_it_is_told_not_to(server: tuple[int, Path]) -> None:
    port, folder = server
    assert (folder.parent / "opened").read_text().strip() == f"http://localhost:{port}"


def test_a_job_is_told_from_start_to_result_and_its_file_is_served(peer: Peer) -> None:
    job = str(uuid.uuid4())
    peer.socket.send(json.dumps({"GenerateAudio": {"id": job, "chat_id": MINE, "prompt": "x", "secs": 1}}).encode())
    mine = {"id": job, "chat_id": MINE}
    assert peer.event() == ("Start", {**mine, "prompt": "x", "secs": 1})
    for token in range(1, 48):
        name, fields = peer.event()
        assert (name, fields["progress"]) == ("Progress", pytest.approx(token / 50))
    assert peer.event() == ("Result", {**mine, "relpath": f"audios/{job}.wav"})
    status, body = peer.get(f"/files/audios/{job}.wav")
    assert status == 200
    assert body[8:12] == b"WAVE"
    assert body[20:22] == b"\xfe\xff", "WAVE_FORMAT_EXTENSIBLE"
    assert len(body) - 68 == 4 * 30_080
    peer.say("GetChat", chat_id=MINE)
    kind, (chat, entries) = peer.hear()
    assert (kind, chat["chat_id"], chat["name"]) == ("Chat", MINE, "")
    assert entries == [
        {"User": {**mine, "text": "x"}},
        {"Ai": {**mine, "relpath": f"audios/{job}.wav", "error": ""}},
    ]


def test_it_serves_its_whole_folder_and_nothing_else(peer: Peer) -> None:
    (peer.folder / "v1").mkdir(parents=True, exist_ok=True)
    (peer.folder / "v1" / "weights").write_bytes(b"w")
    assert peer.get("/files/v1/weights") == (200, b"w")
    assert peer.get("/files/none")[0] == 404
    assert peer.get("/files/../opened")[0] == 404
    assert peer.get("/")[0] == 200


def test_chats_are_made_named_and_deleted_and_their_clips_stay(peer: Peer) -> None:
    chat, job = str(uuid.uuid4()), str(uuid.uuid4())
    peer.say("GenerateAudioNewChat", id=job, chat_id=chat, prompt="fail at 2", secs=1)
    kind, chats = peer.hear()
    assert (kind, chats[0]["chat_id"]) == ("Chats", chat)
    assert isinstance(chats[0]["created_at"], int)
    assert [peer.event()[0] for _ in range(3)] == ["Start", "Progress", "Progress"]
    assert peer.event() == ("Error", {"id": job, "chat_id": chat, "error": "Failed at 2"})
    peer.say("SetChatMetadata", chat_id=chat, name="mine")
    peer.say("GetChat", chat_id=chat)
    _, (told, entries) = peer.hear()
    assert told["name"] == "mine"
    assert entries[1] == {"Ai": {"id": job, "chat_id": chat, "relpath": "", "error": "Failed at 2"}}
    n_clips = len(list((peer.folder / "audios").glob("*.wav")))
    peer.say("DelChat", chat_id=chat)
    kind, chats = peer.hear()
    assert kind == "Chats"
    assert chat not in [one["chat_id"] for one in chats]
    assert len(list((peer.folder / "audios").glob("*.wav"))) == n_clips


def test_an_abort_loses_the_next_job_and_a_queued_one_goes_without_a_word(peer: Peer) -> None:
    first, second, third, fourth = (str(uuid.uuid4()) for _ in range(4))
    for job in (first, second, third, fourth):
        peer.say("GenerateAudio", id=job, chat_id=OTHER, prompt="x", secs=1)
    while peer.event()[0] != "Progress":
        pass
    peer.say("AbortGeneration", id=third, chat_id=OTHER)
    peer.say("AbortGeneration", id=first, chat_id=OTHER)
    heard = [peer.event() for _ in range(2)]
    while heard[-1][0] != "Result":
        heard.append(peer.event())
    ends = [(name, fields["id"], fields.get("error")) for name, fields in heard if name in ("Start", "Error", "Result")]
    # The second was lost, the third aborted: of neither is there a word.
    assert ends == [("Error", first, "Aborted"), ("Start", fourth, None), ("Result", fourth, None)]
    assert peer.hears_nothing()


def test_every_client_hears_of_every_job(peer: Peer) -> None:
    with connect(f"ws://127.0.0.1:{peer.port}/ws", proxy=None, max_queue=None) as other:
        listener = Peer(other, peer.port, peer.folder)
        assert [listener.hear()[0] for _ in range(2)] == ["Info", "Chats"]
        peer.say("GenerateAudio", id=str(uuid.uuid4()), chat_id=MINE, prompt="fail at 1", secs=1)
        assert [listener.event()[0] for _ in range(3)] == ["Start", "Progress", "Error"]
        assert [peer.event()[0] for _ in range(3)] == ["Start", "Progress", "Error"]


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        '{"Dance":{"chat_id":"0"}}',
        '{"GetChat":{"chat_id":"no UUID"}}',
        f'{{"GenerateAudio":{{"id":"{MINE}","chat_id":"{MINE}","prompt":"x","secs":-1}}}}',
    ],
)
def test_what_it_does_not_understand_it_answers_by_an_error_without_an_id(peer: Peer, text: str) -> None:
    peer.socket.send(text)
    kind, value = peer.hear()
    assert kind == "Error"
    assert isinstance(value, str)


def test_a_port_that_is_taken_is_told_only_once_the_model_is_loaded(server: tuple[int, Path]) -> None:
    port, folder = server
    command = [str(folder.parent / "bin" / "musicgpt"), "--ui-port", str(port)]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=30)
    assert done.returncode == 1
    assert "ERROR Address already in use" in done.stdout
