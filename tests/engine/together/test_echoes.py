# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that comes by the studio's port and by a program's own counts once, that of another controller too."""

from __future__ import annotations

from engine.together.echoes import ECHO_S, Echoes

ON, OFF = bytes((0x90, 36, 100)), bytes((0x80, 36, 0))


def test_an_echo_is_none_and_both_ways_have_one_name() -> None:
    echoes = Echoes("own")
    assert echoes.name("own", ON, 0.0) == "own"
    assert echoes.name("pads", ON, 0.01) is None
    # The other way is the sooner one this time.
    assert echoes.name("pads", OFF, 1.0) == "own"
    assert echoes.name("own", OFF, 1.0) is None
    assert echoes.name("pads", ON, 2.0) == "own"


def test_what_is_no_echo_is_heard() -> None:
    echoes = Echoes("own")
    assert [echoes.name(port, ON, 0.0) for port in ("pads", "keys", "pads")] == ["pads", "keys", "pads"]
    assert echoes.name("own", OFF, 0.0) == "own"
    assert echoes.name("pads", OFF, 2.0 * ECHO_S) == "pads", "too late"
    assert [echoes.name("own", ON, 5.0), echoes.name("own", ON, 5.0)] == ["own", "own"]
    assert [echoes.name("pads", ON, 5.0), echoes.name("pads", ON, 5.0), echoes.name("pads", ON, 5.0)] == [
        None,
        None,
        "own",
    ]


def test_a_flood_leaves_nothing_behind() -> None:
    echoes = Echoes("own")
    for number in range(100_000):
        assert echoes.name("pads", bytes((0xB0, 20, number % 128)), number * 0.001) == "pads"
    assert len(echoes._recent) <= ECHO_S / 0.001 + 1
