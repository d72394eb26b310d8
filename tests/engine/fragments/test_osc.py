# SPDX-License-Identifier: GPL-3.0-or-later
"""The station hears and tells by OSC over real sockets, and is hurt by nothing that comes."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from engine.errors import CannotListen, OutOfRange, StudioError
from engine.fragments.osc import OscIn, OscOut, place_of, verbs_in
from engine.values.fragments import FragmentFailed, FragmentSilent
from tests.engine.fragments.making import until
from tests.engine.fragments.staging import Stage

BUNDLE = b"#bundle\0\0\0\0\0\0\0\0\1"


class Ear:
    """An ear of the test's own, at a free port."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(30.0)
        self.port = int(self.socket.getsockname()[1])

    def hear(self) -> tuple[str, list[object]]:
        message = OscMessage(self.socket.recv(65_535))
        return message.address, list(message)


@pytest.fixture
def ear() -> Iterator[Ear]:
    one = Ear()
    yield one
    one.socket.close()


@pytest.fixture
def refused() -> list[StudioError]:
    return []


@pytest.fixture
def client(stage: Stage, refused: list[StudioError]) -> Iterator[SimpleUDPClient]:
    osc = OscIn(stage.station, "127.0.0.1", 0, refused.append)
    osc.open()
    client = SimpleUDPClient("127.0.0.1", osc.port)
    yield client
    client._sock.close()
    osc.close()


def test_a_prompt_goes_in_and_a_ready_fragment_comes_out(stage: Stage, client: SimpleUDPClient, ear: Ear) -> None:
    out = OscOut("127.0.0.1", ear.port)
    stage.station.told.connect(out.tell)
    client.send_message("/prompt", "soft wind")
    client.send_message("/generate", [])
    path = str(stage.station.folder.path_of(1))
    assert ear.hear() == ("/fragment/ready", [1, path, "output001.wav"])
    client.send_message("/fragment/generate", [3, "rain"])
    assert ear.hear()[1][0] == 3
    client.send_message("/generate", "silent")
    assert ear.hear() == ("/fragment/silent", ["silent"])
    out.tell(FragmentFailed("x", OutOfRange(name="slot", value=9, low=1, high=3)))
    assert ear.hear()[0] == "/fragment/failed"
    out.tell(FragmentSilent("half \udcff a letter", 1.0))
    assert ear.hear() == ("/fragment/silent", ["half ? a letter"])
    assert [one.prompt for one in stage.maker.asked] == ["soft wind", "rain", "silent"]
    out.close()


def test_what_cannot_be_done_is_told(stage: Stage, client: SimpleUDPClient, refused: list[StudioError]) -> None:
    client.send_message("/freeze", [2])
    client.send_message("/generate", [2, "rain"])
    client.send_message("/nothing", [])
    until(lambda: len(refused) == 2)
    assert str(refused[0]) == "Slot 2 is frozen: release it first."
    assert "There is no verb called “nothing”" in str(refused[1])


def test_what_a_station_tells_is_no_question(stage: Stage, client: SimpleUDPClient, refused: list[StudioError]) -> None:
    for told in ("ready", "silent", "failed"):
        client.send_message(f"/fragment/{told}", ["x"])
    client.send_message("/nothing", [])
    until(lambda: bool(refused))
    assert "“nothing”" in str(refused[0]), "an answer would go round for ever where out and in are one port"


def test_a_bundle_is_done_at_once_whatever_its_time(stage: Stage, client: SimpleUDPClient) -> None:
    bundle = OscBundleBuilder(round(time.time()) + 86_400)
    for number in (1, 3):
        message = OscMessageBuilder("/freeze")
        message.add_arg(number)
        bundle.add_content(message.build())
    client.send(bundle.build())
    until(lambda: [one.is_frozen for one in stage.station.state().slots] == [True, False, True])


def test_rubbish_hurts_nothing(stage: Stage, client: SimpleUDPClient) -> None:
    chance = random.Random(3)
    rubbish = [
        chance.choice([b"", b"/freeze\0", b"#bundle\0"]) + chance.randbytes(chance.randrange(60)) for _ in range(300)
    ]
    for content in (*rubbish, b"#bundle\0" * 5000, BUNDLE + b"\xff\xff\xff\xfc" * 2):
        client._sock.sendto(content, (client._address, client._port))

    def is_heard() -> bool:
        # UDP drops what comes too fast.
        client.send_message("/freeze", [1])
        return stage.station.state().slots[0].is_frozen

    until(is_heard)


@pytest.mark.parametrize("n_bytes", [-4, 0, 4, 2**31 - 1])
def test_a_bundle_whose_parts_leave_it_is_none(n_bytes: int) -> None:
    message = b"/freeze\0,i\0\0\0\0\0\1"
    assert verbs_in(BUNDLE + len(message).to_bytes(4, "big") + message) == [("freeze", [1])]
    assert verbs_in(BUNDLE + n_bytes.to_bytes(4, "big", signed=True) + message) == []
    nested = message
    for _ in range(1000):
        nested = BUNDLE + len(nested).to_bytes(4, "big") + nested
    assert verbs_in(nested) == []


STARTS = (b"", b"/a\0\0,i\0\0", b"/a\0\0,s\0\0", BUNDLE, BUNDLE + b"\0\0\0\x08")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(STARTS))
def test_packets_of_any_kind_are_verbs_or_none(content: bytes, before: bytes) -> None:
    for verb, words in verbs_in(before + content):
        assert isinstance(verb, str)
        assert all(isinstance(word, str | int | float) for word in words)


def test_places() -> None:
    assert place_of("9001") == ("127.0.0.1", 9001)
    assert place_of("stage.local:9001") == ("stage.local", 9001)
    assert place_of("[::1]:9001") == ("::1", 9001)
    for text in ("", "x", "host:", "host:x", "70000", "-1"):
        with pytest.raises(ValueError, match="no port"):
            place_of(text)


def test_a_port_that_is_taken_is_told(stage: Stage, ear: Ear) -> None:
    with pytest.raises(CannotListen, match=f"port {ear.port}: Address already in use"):
        OscIn(stage.station, "127.0.0.1", ear.port, lambda _error: None)
    with pytest.raises(CannotListen):
        OscOut("no-such-machine.invalid", 9000)
