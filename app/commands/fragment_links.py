# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads from a command line how other programs reach a station of fragments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.commands.fragment_stand import tell

if TYPE_CHECKING:
    import argparse

    from engine.fragments.links import Links, Place

_UNWRITTEN = "unwritten"
"""Text that stands in a dry run for the token that would be made."""


def add_link_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--http``, ``--osc-in`` and what belongs to them."""
    links = parser.add_argument_group(
        "other programs", "a PLACE is a port of this machine alone, as 8421, or ADDRESS:PORT, as 0.0.0.0:8421"
    )
    links.add_argument("--http", metavar="PLACE", help="serve the prompt page, and requests as POST …/taken/3")
    links.add_argument(
        "--token-file",
        metavar="FILE",
        help="a text file with the token that other machines have to show; where there is none, it is written",
    )
    links.add_argument("--osc-in", metavar="PLACE", help="hear /generate, /prompt, /taken, /freeze … by OSC")
    links.add_argument(
        "--osc-out", action="append", default=[], metavar="PLACE", help="tell /fragment/ready N path … by OSC"
    )


def links_of(arguments: argparse.Namespace) -> Links:
    """Return the links that are asked for. Raises WrongKind, NeedsOption, PagesLackPart, TokenUnusable."""
    from engine.errors import NeedsOption
    from engine.fragments.links import Links, need_pages

    http, osc_in, *osc_out = (
        None if text is None else _place(name, text)
        for name, text in (
            ("--http", arguments.http),
            ("--osc-in", arguments.osc_in),
            *(("--osc-out", text) for text in arguments.osc_out),
        )
    )
    if arguments.token_file is not None and http is None:
        raise NeedsOption(name="--token-file", option="--http")
    if http is not None:
        need_pages()
    return Links(
        http,
        _token(arguments),
        osc_in,
        tuple(one for one in osc_out if one is not None),
        arguments.when_taken and not arguments.ignore_opens,
    )


def link_words(links: Links, token_file: str | None) -> list[str]:
    """Return what a station with these links would do for them, for a dry run."""
    told = []
    if links.osc_in is not None:
        told.append(f"hear OSC at {_in_words(links.osc_in)}")
    told += [f"tell OSC to {_in_words(place)}" for place in links.osc_out]
    if links.http is not None:
        told.append(f"serve the prompt page at {_in_words(links.http)}")
    if links.token == _UNWRITTEN:
        told.append(f"write a new token to {token_file}")
    return told


def _in_words(place: Place) -> str:
    host, port = place
    return f"{host}, port {port}" if port else f"{host}, any port that is free"


def _token(arguments: argparse.Namespace) -> str:
    """Return the token of the file that is named, or "". Raises TokenUnusable."""
    if arguments.token_file is None:
        return ""
    from engine.generators.wire.tokens import make_token, token_in

    if arguments.dry_run and not os.path.lexists(arguments.token_file):
        return _UNWRITTEN
    if not arguments.dry_run and make_token(arguments.token_file):
        tell(f"a new token was written to {arguments.token_file}")
    return token_in(arguments.token_file)


def _place(name: str, text: str) -> Place:
    from engine.errors import WrongKind
    from engine.fragments.osc import place_of

    try:
        return place_of(text)
    except ValueError:
        raise WrongKind(name=name, value=text[:60], kind="a port, or ADDRESS:PORT") from None
