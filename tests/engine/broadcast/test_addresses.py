# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener is known by where they come from, however that is written, and by nothing that they make up."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request

from engine.broadcast.addresses import listener_of
from engine.broadcast.asking import address_of, network_of
from engine.broadcast.connections import Connections


@pytest.mark.parametrize(
    ("several", "listener"),
    [
        (("10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1:5000", "10.0.0.1:5001"), "10.0.0.1"),
        (("2001:db8::1", "2001:db8::ffff:2", "[2001:db8::1]:5000", "[2001:db8::1]"), "2001:db8::/64"),
        (("fe80::1%eth0", "fe80::1"), "fe80::1"),
        (("unknown",), "unknown"),
        (("10.0.0.1:x",), "10.0.0.1:x"),
        (("",), ""),
    ],
)
def test_a_listener_is_one_however_the_address_is_written(several: tuple[str, ...], listener: str) -> None:
    assert {listener_of(one) for one in several} == {listener}


def _asked_from(host: str, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return address_of(Request({"type": "http", "client": (host, 5000), "headers": headers}))


def test_only_what_the_web_server_itself_says_counts() -> None:
    # Some add to the header that they were told, some write another one after it.
    assert _asked_from("127.0.0.1", "made-up, 10.1.1.1") == "10.1.1.1"
    assert _asked_from("127.0.0.1", "made-up", "10.1.1.1") == "10.1.1.1"
    assert _asked_from("::ffff:127.0.0.1", "10.1.1.1") == "10.1.1.1"
    assert _asked_from("::1", "10.1.1.1") == "10.1.1.1"
    assert _asked_from("127.0.0.1") == "127.0.0.1"
    assert _asked_from("10.9.9.9", "10.1.1.1") == "10.9.9.9"


def test_a_network_is_known_behind_a_web_server_and_within_ipv6() -> None:
    assert [network_of(one) for one in ("::ffff:10.1.2.3", "10.1.2.3:50", "x")] == ["10.1.2.0/24", "10.1.2.0/24", ""]


def test_a_network_of_ipv6_has_no_more_connections_than_an_address() -> None:
    connections, transports = Connections(2), [asyncio.Transport() for _ in range(4)]
    clients = [("2001:db8::1", 1), ("2001:db8::2", 1), ("2001:db8::3", 1), ("2001:db8:1::1", 1)]

    assert [connections.add(*one) for one in zip(clients, transports, strict=True)] == [True, True, False, True]
    connections.remove(clients[0], transports[0])
    assert connections.add(clients[2], transports[2])
