# SPDX-License-Identifier: GPL-3.0-or-later
"""A jerry4loops server's stand-in is known by what it says of itself, and each misdeed of it is told in a sentence."""

from __future__ import annotations

import pytest

from engine.errors import (
    RemoteBusy,
    RemoteError,
    RemoteNotOurs,
    RemoteTokenMissing,
    RemoteTokenWrong,
)
from engine.generators.remote import jerry_server
from engine.generators.remote.jerry import JerrySpeaker
from tests.engine.generators.remote.asked import at, deaf, free_address, made, request
from tests.standins.infinifi import InfinifiServer
from tests.standins.jerry4loops import JerryServer, Misdeeds, like_the_usual, orders


def test_an_older_server_is_known_by_its_health() -> None:
    with like_the_usual(Misdeeds(is_old=True)) as server:
        offer = JerrySpeaker(at(server.url)).capabilities()
        assert (offer.generator, offer.capabilities.sample_rate) == ("jerry4loops", 8_000)
        assert server.paths == ["/models/status", "/health"]
    with (
        like_the_usual(Misdeeds(is_old=True, has_no_model=True)) as server,
        pytest.raises(RemoteError, match="HF_TOKEN"),
    ):
        JerrySpeaker(at(server.url)).capabilities()


@pytest.mark.parametrize("n_samples", [0, -1, 2**31, 10**400])
def test_a_model_without_end_is_taken_for_the_usual_one(n_samples: int) -> None:
    with JerryServer(sample_size=n_samples) as server:
        assert JerrySpeaker(at(server.url)).capabilities().capabilities.sample_rate == 44_100


def test_a_token_is_shown_to_a_proxy_that_asks_for_one() -> None:
    with like_the_usual(Misdeeds(token="open sesame")) as server:
        made(JerrySpeaker(at(server.url, "open sesame")), request("dub 120bpm"))
        with pytest.raises(RemoteTokenWrong):
            JerrySpeaker(at(server.url, "abracadabra")).capabilities()
        with pytest.raises(RemoteTokenMissing):
            JerrySpeaker(at(server.url)).capabilities()


@pytest.mark.parametrize(
    ("misdeeds", "error", "words"),
    [
        (Misdeeds(fails="CUDA out of memory."), RemoteError, "500 .“CUDA out of memory”"),
        (Misdeeds(status=400), RemoteError, "HTTP 400 .“not now”"),
        (Misdeeds(status=409), RemoteBusy, "not now"),
        (Misdeeds(status=429), RemoteBusy, "not now"),
        (Misdeeds(status=503), RemoteBusy, "not now"),
        (Misdeeds(rubbish="json"), RemoteError, "holds no clip"),
        (Misdeeds(rubbish="none"), RemoteError, "holds no clip"),
        (Misdeeds(rubbish="base64"), RemoteError, "base64"),
        (Misdeeds(rubbish="sound"), RemoteError, "cannot be read"),
        (Misdeeds(rubbish="cut"), RemoteError, "broke off"),
        (Misdeeds(rubbish="hang-up"), RemoteError, "broke off"),
        (Misdeeds(rubbish="short"), RemoteError, "lasts 2.7 s, where 4 bars at 120 bpm take 8.0 s"),
        (Misdeeds(rubbish="channels"), RemoteError, "4 channels"),
    ],
    ids=lambda one: (one.rubbish or one.fails or str(one.status)) if isinstance(one, Misdeeds) else "",
)
def test_a_misdeed_is_told_in_a_sentence(misdeeds: Misdeeds, error: type[RemoteError], words: str) -> None:
    with like_the_usual(misdeeds) as server, pytest.raises(error, match=words) as caught:
        made(JerrySpeaker(at(server.url)), request("dub 120bpm"))
    assert type(caught.value) is error


def test_an_answer_that_does_not_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jerry_server, "MOST_BYTES", 2_000_000)
    with like_the_usual(Misdeeds(rubbish="huge")) as server, pytest.raises(RemoteError, match="more than 2 MB"):
        made(JerrySpeaker(at(server.url)), request("dub 120bpm"))


def test_a_clip_that_is_far_too_long_is_not_decoded_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jerry_server, "LONGEST_S", 5.0)
    with like_the_usual() as server, pytest.raises(RemoteError, match="lasts more than 5 s"):
        made(JerrySpeaker(at(server.url)), request("dub 120bpm"))


def test_a_fault_of_its_own_on_given_bars_is_told_with_its_words() -> None:
    with like_the_usual(Misdeeds(fails="out of memory")) as server:
        speaker = JerrySpeaker(at(server.url))
        with pytest.raises(RemoteError, match="out of memory"):
            made(speaker, request("dub 120bpm", bars=2))
        assert len(orders(server)) == 2
        # The bars are not to blame, and are named again once that is mended.
        server.misdeeds = Misdeeds(mended=True)
        made(speaker, request("dub 120bpm", bars=2))
        assert orders(server)[-1].fields["bars"] == "2"


def test_a_machine_that_is_not_there_or_not_it_is_told() -> None:
    with pytest.raises(RemoteError, match="jerry4loops’s server running"):
        JerrySpeaker(at(free_address())).capabilities()
    with deaf() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jerry_server, "STATUS_S", 0.2)
        with pytest.raises(RemoteError, match="did not answer"):
            JerrySpeaker(at(url)).capabilities()
    with InfinifiServer() as server, pytest.raises(RemoteNotOurs):
        JerrySpeaker(at(server.url)).capabilities()
    with pytest.raises(RemoteError, match="http"):
        JerrySpeaker(at("ftp://127.0.0.1")).capabilities()


def test_a_clip_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jerry_server, "MAKING_S", 0.3)
    with like_the_usual(Misdeeds(slow_s=30.0)) as server:
        with pytest.raises(RemoteError, match="did not answer"):
            made(JerrySpeaker(at(server.url)), request("dub 120bpm"))
        assert server.hung_up.wait(10.0)


def test_a_cancel_closes_the_connection() -> None:
    with like_the_usual(Misdeeds(slow_s=30.0)) as server:
        speaker = JerrySpeaker(at(server.url))
        generation = speaker.submit(request("dub 120bpm"), speaker.capabilities())
        for _ in range(5):
            assert next(generation).fraction is None
        generation.close()
        assert server.hung_up.wait(10.0)
