# SPDX-License-Identifier: GPL-3.0-or-later
"""Another machine makes clips: a real server on the loopback, whose connection is cut and whose process is killed."""

from __future__ import annotations

import contextlib
import http.server
import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import httpx
import numpy as np
import pytest

from engine.errors import (
    EmptyPrompt,
    GeneratorMissing,
    NotTaken,
    OutOfRange,
    RemoteBusy,
    RemoteError,
    RemoteForgot,
    RemoteLacksModel,
    RemoteNone,
    RemoteNotOurs,
    RemoteRefuses,
    RemoteSilent,
    RemoteTokenMissing,
    RemoteTokenWrong,
    RemoteTooSlow,
    RemoteUnknown,
    RemoteVersionWrong,
    StudioError,
    TokenUnusable,
    UnknownChoice,
    WrongKind,
)
from engine.generators.base import GeneratorSettings, finished
from engine.generators.remote import Remote, connection
from engine.generators.service import make_clip
from engine.session.clip_request import asked_of
from engine.values import Clip, ClipRequest, ClipResult, Licence, Progress, Restyle
from tests.engine.generators.remote.wire import CutWire
from tests.engine.serving.running import TOKEN, Server, asked, serving, settings_of, until

SLOW = ("--generator", "slow", "--per-minute", "10000")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Server]:
    """Run a server of the slow generator, whose process is there before the first test."""
    with serving(tmp_path_factory.mktemp("slow"), *SLOW) as server:
        run(asked("parts=1"), settings_of(server))
        yield server


@pytest.fixture
def wire(slow: Server) -> Iterator[CutWire]:
    one = CutWire(slow.port)
    yield one
    one.close()


def run(request: ClipRequest, settings: GeneratorSettings) -> tuple[list[Progress], ClipResult]:
    seen: list[Progress] = []
    return seen, finished(make_clip(request, settings), seen)


def error_of(request: ClipRequest, settings: GeneratorSettings) -> StudioError:
    with pytest.raises(StudioError) as raised:
        run(request, settings)
    # No thread that looked a machine up is left once its limits are over.
    until(lambda: not [one for one in threading.enumerate() if one.name == "remote"], 15.0)
    return raised.value


def jobs_at(server: Server) -> int:
    with httpx.Client(trust_env=False) as client:
        return int(client.get(f"{server.url}/capabilities").json()["waiting"])


def test_the_same_seed_gives_the_same_samples_as_here(tmp_path: Path) -> None:
    here = ClipRequest(7, "lofi, 90 bpm", "composer", "", 6.0, seed=11, bars=2, key="A minor", stems=True)
    _, local = run(here, GeneratorSettings())
    with serving(tmp_path) as server:
        seen, there = run(replace(here, generator="remote"), settings_of(server))
        # A piece goes on on the other machine.
        _, after = run(replace(here, generator="remote", stems=False, follows=there.family), settings_of(server))
    np.testing.assert_array_equal(there.clip.samples, local.clip.samples)
    assert there.clip.wraps
    assert list(there.stems) == list(local.stems)
    for name, stem in local.stems.items():
        np.testing.assert_array_equal(there.stems[name].samples, stem.samples)
    for name in ("facts", "seed", "family", "score", "asked_bars"):
        assert getattr(there, name) == getattr(local, name)
    assert there.versions == {**local.versions, "made on another machine by": "Built-in composer"}
    assert (there.job_id, seen[-1].stage) == (7, "finishing")
    assert after.family is not None
    assert after.family.age == 1


def test_parts_licence_and_several_clips_come_along(slow: Server) -> None:
    request = replace(asked("parts=3", n_clips=3), key="A minor", bpm=120.0)
    seen, made = run(request, settings_of(slow, model="large", settings="pitch=330"))
    chunks = [one.chunk for one in seen if one.chunk is not None]
    assert len(chunks) == 3  # of the first clip alone; it makes two of one request, and one of another
    assert {one.sample_rate for one in chunks} == {44_100}
    heard_s = sum(one.duration_s for one in chunks)
    assert 1.9 < heard_s <= 2.0
    assert len(made.others) == 2
    assert made.facts.tags == ("large", "pitch 330", "parts=3, 120 bpm, A minor")
    licence = Licence("CC-BY-NC-4.0: not for commercial use", is_commercial=False)
    assert {one.licence for one in (made, *made.others)} == {licence}, "it is said where the clip is exported"
    assert made.seed is None


def test_a_sound_goes_along(slow: Server) -> None:
    ramp = Clip(np.linspace(0.1, 1.0, 44_100, dtype=np.float32)[:, None], 22_050)
    _, made = run(replace(asked("parts=1"), restyle=Restyle(ramp, 1.0)), settings_of(slow))
    quarter = made.clip.n_samples // 4
    assert np.abs(made.clip.samples[-quarter:]).max() > 2.0 * np.abs(made.clip.samples[:quarter]).max()


def test_a_cancel_reaches_the_machine(slow: Server) -> None:
    steps = make_clip(asked("parts=600 pause=0.1"), settings_of(slow))
    while next(steps).stage != "generating":
        pass
    assert jobs_at(slow) == 1
    steps.close()
    until(lambda: jobs_at(slow) == 0, 10.0)


def test_a_cut_connection_goes_on_where_it_stopped(slow: Server, wire: CutWire) -> None:
    n_before = slow.said.count("of music in")
    n_chunks, stages = 0, set()
    steps = make_clip(asked("parts=8 pause=0.2"), settings_of(wire.url))
    with contextlib.suppress(StopIteration):
        while True:
            progress = next(steps)
            stages.add(progress.stage)
            n_chunks += progress.chunk is not None
            if progress.chunk is not None and n_chunks in (1, 3, 4):
                wire.cut()
    assert n_chunks == 8
    assert "connecting again" in stages
    assert slow.said.count("of music in") == n_before + 1


def test_an_answer_that_is_lost_makes_no_second_clip(slow: Server, wire: CutWire) -> None:
    n_before = slow.said.count("of music in")
    wire.loses = [b"201 Created", b'"facts"', b"audio/wav"]
    _, made = run(asked("parts=2"), settings_of(wire.url))
    assert wire.loses == []
    assert made.clip.n_samples > 0
    assert slow.said.count("of music in") == n_before + 1


def test_a_clip_that_the_machine_no_longer_knows(slow: Server, wire: CutWire) -> None:
    steps = make_clip(asked("parts=100 pause=0.1"), settings_of(wire.url))
    while next(steps).chunk is None:
        pass
    wire.is_dead = True
    wire.cut()
    while next(steps).stage != "connecting again":
        pass
    name = "".join(sorted(wire.names))
    httpx.delete(f"{slow.url}/clips/{name}", trust_env=False)
    wire.is_dead = False
    with pytest.raises(RemoteForgot):
        finished(steps)


def test_the_clip_of_a_killed_machine_goes_to_another(tmp_path: Path, slow: Server) -> None:
    generator = Remote()
    with serving(tmp_path / "first", *SLOW) as first:
        request = replace(asked("parts=20 pause=0.1"), parameters=settings_of(first, slow).of("remote"))
        request = replace(request, parameters=_whole(request))
        children = []
        stages, n_chunks = [], 0
        seen: list[Progress] = []
        for progress in (steps := generator.generate(request, GeneratorSettings())):
            stages.append(progress.stage)
            n_chunks += progress.chunk is not None
            if progress.chunk is not None and first.process.poll() is None:
                children = first.children()
                first.kill()
            if jobs_at(slow):
                break
        made = finished(steps, seen)
    assert n_chunks > 0
    # The other one's parts would be heard as going on from the first one's.
    assert not [one for one in seen if one.chunk is not None]
    assert made.clip.duration_s == 2.0
    assert "connecting again" in stages
    until(lambda: not any(one.is_running() for one in children), 10.0)


def _whole(request: ClipRequest) -> Any:
    from engine.generators.registry import generator_named
    from engine.generators.requests import completed

    return completed(request, generator_named("remote"), GeneratorSettings()).parameters


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"duration_s": 21.0}, OutOfRange),
        ({"seed": 3}, NotTaken),
        ({"bars": 2}, NotTaken),
        ({"negative_prompt": "drums"}, NotTaken),
    ],
)
def test_what_it_does_not_take_is_told(slow: Server, change: dict[str, Any], kind: type[StudioError]) -> None:
    error = error_of(replace(asked("parts=1"), **change), settings_of(slow))
    assert type(error) is kind
    if kind is NotTaken:
        assert f"Slow ({slow.url.removeprefix('http://')}) takes no" in str(error)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"model": "huge"}, UnknownChoice),
        ({"settings": "place=/etc"}, UnknownChoice),
        ({"settings": "pitch"}, WrongKind),
        ({"settings": "pitch=1"}, OutOfRange),
        ({"addresses": "http://me:secret@there"}, WrongKind),
        ({"addresses": "ftp://there"}, WrongKind),
        ({"addresses": "there:99999"}, WrongKind),
        ({"addresses": " , "}, GeneratorMissing),
        ({"token_file": "/nowhere/token"}, TokenUnusable),
    ],
)
def test_what_is_set_wrongly_is_told(slow: Server, values: dict[str, Any], kind: type[StudioError]) -> None:
    error = error_of(asked("parts=1"), settings_of(slow).with_values("remote", values))
    assert type(error) is kind


def test_a_generator_that_fails_there_says_why(slow: Server) -> None:
    error = error_of(asked("fail=1"), settings_of(slow))
    assert type(error) is RemoteError
    assert str(error).endswith("made no clip: Slow made no clip: it was told to.")
    assert type(error_of(asked(" "), settings_of(slow))) is EmptyPrompt


def test_weights_that_are_missing_there_are_told_as_that_machines(slow: Server) -> None:
    error = error_of(asked("lacks=0"), settings_of(slow))
    assert type(error) is RemoteLacksModel
    place = slow.url.removeprefix("http://")
    assert str(error).startswith(
        f"{place} lacks the weights of the model “large”: “infiniloop models get nowhere/large”"
    )


def test_what_one_machine_lacks_the_weights_for_is_asked_of_the_next(slow: Server) -> None:
    # One server under two addresses is two machines of a pool.
    n_before = slow.said.count("(nowhere/large)")
    error = error_of(asked("lacks=0"), settings_of(slow, slow.url.replace("127.0.0.1", "localhost")))
    assert type(error) is RemoteNone
    assert slow.said.count("(nowhere/large)") - n_before == 2


def test_a_machine_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert type(error_of(asked("x"), settings_of(f"127.0.0.1:{port}"))) is RemoteRefuses
    assert type(error_of(asked("x"), settings_of("no-such-machine.invalid"))) is RemoteUnknown
    error = error_of(asked("x"), settings_of(f"127.0.0.1:{port}", "no-such-machine.invalid"))
    assert type(error) is RemoteNone
    assert str(error).startswith("None of the 2 machines made a clip: ")


def test_a_machine_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=8) as mute:
        settings = settings_of(f"127.0.0.1:{mute.getsockname()[1]}", connect_s=0.5)
        error = error_of(asked("x"), settings)
    assert type(error) is RemoteSilent


def test_a_strict_machine(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = tmp_path / "wrong"
    wrong.write_text("a-token-of-another-machine", encoding="ascii")
    limits = ("--most-waiting", "0", "--per-minute", "3")
    with serving(tmp_path, "--generator", "slow", *limits, token=TOKEN) as server:
        assert type(error_of(asked("x"), settings_of(server))) is RemoteTokenMissing
        assert type(error_of(asked("x"), settings_of(server, token_file=str(wrong)))) is RemoteTokenWrong
        settings = settings_of(server, token_file=str(tmp_path / "token"))
        _, made = run(asked("parts=1"), settings)
        steps = make_clip(asked("parts=600 pause=0.1"), settings)
        while next(steps).stage != "generating":
            pass
        error = error_of(asked("parts=1"), settings)
        assert type(error) is RemoteBusy
        assert "0 clips wait already" in str(error)
        steps.close()
        error = error_of(asked("parts=1"), settings)
        assert type(error) is RemoteBusy
        assert "More than 3 clips a minute" in str(error)
        request = replace(asked("parts=1"), parameters=settings.of("remote"))
        said = server.said
    kept = json.dumps(asked_of(request).as_dict()) + json.dumps(dict(made.versions))
    for one in (kept, caplog.text, said, repr(made)):
        assert TOKEN not in one
    # Neither does a recipe say where the machine is.
    assert server.url.removeprefix("http://") not in kept
    assert str(tmp_path) not in kept


def test_a_pool_with_one_wrong_machine_works(slow: Server) -> None:
    _, made = run(asked("parts=1"), settings_of("127.0.0.1:1", slow))
    assert made.clip.n_samples > 0


def test_another_version(slow: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "VERSION", 2)
    error = error_of(asked("x"), settings_of(slow))
    assert type(error) is RemoteVersionWrong
    assert "speaks version 1 of the protocol and this studio 2" in str(error)


def test_a_machine_that_is_too_slow_is_left_out(slow: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.generators.remote.making.LOADING_S", 0.0)
    generator = Remote()
    settings = settings_of(slow, slowest=0.1)
    request = replace(asked("parts=600 pause=0.1"), parameters=settings.of("remote"))
    request = replace(request, parameters=_whole(request))
    with pytest.raises(RemoteTooSlow):
        finished(generator.generate(request, settings))
    until(lambda: jobs_at(slow) == 0, 10.0)
    # And is not even asked the next time.
    with pytest.raises(RemoteTooSlow):
        finished(generator.generate(replace(request, prompt="parts=1"), settings))


class _Stranger(http.server.BaseHTTPRequestHandler):
    """This server answers as other programs do."""

    answers: ClassVar[dict[str, tuple[int, bytes]]] = {}

    def do_GET(self) -> None:
        status, body = self.answers.get(self.path, (404, b"not here"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def stranger() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>", RemoteNotOurs),
        (200, b"{}", RemoteNotOurs),
        (200, b'{"protocol": 2, "generator": {"title": "x"}}', RemoteVersionWrong),
        (200, b'{"protocol": 1, "generator": {"title": "x"}}', RemoteNotOurs),
        (200, b"[" * 100_000, RemoteNotOurs),
        (404, b"", RemoteNotOurs),
        (301, b"", RemoteNotOurs),
        (500, b'{"error": {"kind": "StudioError", "fields": {"x": 1}, "sentence": "It broke."}}', RemoteError),
        (200, b" " * (17 * 2**20), RemoteNotOurs),
    ],
)
def test_what_answers_is_something_else(
    stranger: http.server.ThreadingHTTPServer, status: int, body: bytes, kind: type[StudioError]
) -> None:
    _Stranger.answers = {"/capabilities": (status, body)}
    error = error_of(asked("x"), settings_of(f"127.0.0.1:{stranger.server_address[1]}"))
    assert type(error) is kind
    assert isinstance(error, RemoteError)
