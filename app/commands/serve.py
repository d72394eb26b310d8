# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``serve`` offers a generator of this machine to studios on other machines.

``resources/protocol.md`` describes the protocol. What it needs is the extra ``serve``, and ``ray`` on a Ray cluster.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING

from app.commands import terminal
from app.commands.numbers import number, whole

if TYPE_CHECKING:
    from engine.generators.base import Generator, GeneratorSettings
    from engine.serving.maker import Maker
    from engine.serving.scaled.cluster import Placing

PORT = 8420
"""Port that is listened on where none is named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--generator", default="composer", metavar="NAME", help="what makes the clips (composer is the default)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen: 127.0.0.1 (the default) is reached from this machine alone, 0.0.0.0 from all",
    )
    parser.add_argument(
        "--port", type=whole, default=PORT, metavar="N", help=f"the port ({PORT} is the default, 0 any free one)"
    )
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help="a text file with the token that clients have to show; where there is no such file, it is written with a "
        "new token",
    )
    parser.add_argument("--json", action="store_true", help="print where it listens as one JSON object, once it does")
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--most-waiting", type=whole, default=8, metavar="N", help="clips that may wait for the one that is made (8)"
    )
    limits.add_argument(
        "--per-minute", type=whole, default=60, metavar="N", help="clips that one address may ask for in a minute (60)"
    )
    limits.add_argument(
        "--most-megabytes", type=whole, default=64, metavar="N", help="size of the largest request, in MiB (64)"
    )
    limits.add_argument(
        "--most-minutes", type=number, default=60.0, metavar="M", help="how long a clip may take to make (60)"
    )
    limits.add_argument(
        "--kept-seconds",
        type=number,
        default=60.0,
        metavar="S",
        help="how long a clip whose client is gone is made, or kept, for it to come back (60)",
    )
    ray = parser.add_argument_group("on a Ray cluster")
    ray.add_argument(
        "--on-ray",
        action="store_true",
        help="have the clips made by replicas of the generator on a Ray cluster, each in a process of its own",
    )
    ray.add_argument(
        "--ray-address",
        metavar="ADDRESS",
        help="the cluster that runs, as 10.0.0.1:6379, or auto for one on this machine; without it one is started "
        "here, and ended with the command",
    )
    ray.add_argument(
        "--replicas",
        metavar="MIN[-MAX]",
        help="how many there are; with MAX, more while clips wait, and fewer when none have for five minutes (1)",
    )
    ray.add_argument(
        "--gpus-per-replica",
        type=number,
        metavar="N",
        help="graphics cards of each (1 where the generator has a model and the cluster has cards, otherwise 0)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until the command is ended by a signal. Raises StudioError."""
    from app import VERSION
    from engine.generators.ready import why_not_ready
    from engine.generators.registry import generator_named
    from engine.generators.wire.tokens import make_token, token_in

    _check(arguments)
    generator = generator_named(arguments.generator)
    settings = terminal.own_generator_settings()
    generator.check(settings)
    _need_parts()
    placing = _placing(arguments)
    if why := why_not_ready(generator, settings):
        # It is offered all the same: what is fetched meanwhile is used.
        _tell(why)
    from engine.serving.limits import ServingLimits
    from engine.serving.server import Serving, serve

    token = ""
    if arguments.token_file is not None:
        if make_token(arguments.token_file):
            _tell(f"a new token was written to {arguments.token_file}")
        token = token_in(arguments.token_file)
    limits = ServingLimits(
        most_waiting=arguments.most_waiting,
        per_minute=arguments.per_minute,
        body_bytes=arguments.most_megabytes * 2**20,
        longest_s=60.0 * arguments.most_minutes,
        unheard_s=arguments.kept_seconds,
    )
    serving = Serving(generator, settings, VERSION, arguments.host, arguments.port, token, limits)

    def listens(address: str) -> None:
        if arguments.json:
            terminal.print_json({"address": address, "generator": generator.name, "needs_token": bool(token)})
            sys.stdout.flush()

    serve(serving, _maker(generator, settings, placing), _tell, listens)
    return 0


def _maker(generator: Generator, settings: GeneratorSettings, placing: Placing | None) -> Maker:
    """Return what makes the clips. Raises ClusterUnusable."""
    if placing is None:
        from engine.serving.maker import HostMaker

        return HostMaker(generator, settings)
    from engine.serving.scaled.maker import RayMaker

    return RayMaker(generator, settings, placing, _tell)


def _placing(arguments: argparse.Namespace) -> Placing | None:
    """Return how the generator is placed on a cluster; None where it is not. Raises UserError."""
    from engine.errors import NeedsOption, OutOfRange, WrongKind
    from engine.serving.scaled.cluster import MOST_REPLICAS, Placing, need_ray

    if not arguments.on_ray:
        for name in ("ray_address", "replicas", "gpus_per_replica"):
            if getattr(arguments, name) is not None:
                raise NeedsOption(name="--" + name.replace("_", "-"), option="--on-ray")
        return None
    need_ray()
    written = arguments.replicas or "1"
    found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", written)
    if found is None:
        raise WrongKind(name="--replicas", value=written[:40], kind="a number, or two as 1-4")
    least, most = int(found[1]), int(found[2] or found[1])
    if not 1 <= most <= MOST_REPLICAS or least > most:
        raise OutOfRange(name="--replicas", value=written, low="1", high=f"{MOST_REPLICAS}, the smaller number first")
    gpus = arguments.gpus_per_replica
    if gpus is not None and not 0.0 <= gpus <= 16.0:
        raise OutOfRange(name="--gpus-per-replica", value=f"{gpus:g}", low="0", high="16")
    if arguments.ray_address == "":
        raise WrongKind(name="--ray-address", value="", kind="an address as 10.0.0.1:6379, or auto")
    return Placing(arguments.ray_address or "", least, most, gpus)


def _check(arguments: argparse.Namespace) -> None:
    """Refuse numbers that are out of bounds. Raises OutOfRange."""
    from engine.errors import OutOfRange

    for name, low, high in (
        ("port", 0, 65535),
        ("most_waiting", 0, 1000),
        ("per_minute", 1, 100_000),
        ("most_megabytes", 1, 2000),
        ("most_minutes", 0.1, 1440.0),
        ("kept_seconds", 1.0, 86_400.0),
    ):
        value = getattr(arguments, name)
        if not low <= value <= high:
            option = "--" + name.replace("_", "-")
            raise OutOfRange(name=option, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")


def _need_parts() -> None:
    """Refuse to go on without the extra. Raises ServingLacksPart."""
    from engine.errors import ServingLacksPart

    try:
        import fastapi
        import uvicorn
    except ImportError as error:
        raise ServingLacksPart from error
    del fastapi, uvicorn


def _tell(line: str) -> None:
    print(f"infiniloop: {line}", file=sys.stderr, flush=True)
