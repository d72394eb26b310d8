# SPDX-License-Identifier: GPL-3.0-or-later
"""A Ray cluster is started on this machine, or one that runs is joined; a generator's replicas are placed on it.

Ray tells no usage, opens no dashboard and no door of its own here; what it writes goes to a folder that is removed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import secrets
import signal
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import ClusterUnusable, RayLacksPart
from engine.generators.base import Generator, GeneratorSettings
from engine.serving.scaled.folder import RayFolder

if TYPE_CHECKING:
    from ray.serve.handle import DeploymentHandle

NAMESPACE = "infiniloop"
MOST_REPLICAS = 64
"""Number of replicas that can be asked for: each keeps as many threads as it makes clips together."""
PLACED_WITHIN_S = 600.0
"""Seconds within which the first replicas have to be there: a model may have to be loaded on each machine."""
HEALTH_PERIOD_S, HEALTH_LIMIT_S = 2.0, 60.0
"""Seconds between two looks at a replica; seconds without an answer after which another one takes its place."""
KNOCK_S = 10.0
"""Seconds that the machine of a cluster has to answer."""
GRACE_S = 5.0
"""Seconds that a replica has to end."""
_STORE_BYTES = 256 * 2**20
_LOOK_S = 0.1
_MOST_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Placing:
    """This says how a generator is placed on a cluster.

    Attributes
    ----------
    address
        Of the cluster that runs ("auto" finds one on this machine); "" starts one here, for as long as it is used.
    least, most
        Number of replicas: so many always, and at most so many where clips wait.
    gpus
        Graphics cards of a replica; None is one where the generator has models with weights and the cluster has cards.
    """

    address: str = ""
    least: int = 1
    most: int = 1
    gpus: float | None = None


def need_ray() -> None:
    """Refuse to go on without the extra. Raises RayLacksPart."""
    # Not of ray.serve: that would import ray.
    if importlib.util.find_spec("ray") is None:
        raise RayLacksPart


class Cluster:
    """A cluster has a generator's replicas, from ``place`` to ``close``.

    Raises
    ------
    RayLacksPart
        Ray is not installed.
    ClusterUnusable
        It cannot be started or reached.
    """

    def __init__(self, placing: Placing) -> None:
        need_ray()
        self._placing = placing
        self._folder: RayFolder | None = None
        self._name = f"infiniloop-{secrets.token_hex(4)}"
        # All this is read when Ray is imported.
        os.environ.update(
            RAY_USAGE_STATS_ENABLED="0",
            RAY_DEDUP_LOGS="0",
            RAY_ENABLE_AUTO_CONNECT="0",
            RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",
        )
        if not placing.address:
            # No one else on this machine may use it; without one Ray writes a token into the person's home.
            os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
            # It listens on the loopback alone then, as it does where a firewall would ask.
            os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        try:
            with _own_signals():
                self._join()
        except BaseException as error:
            self.close()
            if isinstance(error, ImportError):
                raise RayLacksPart from error
            if isinstance(error, Exception):
                raise self._unusable(error) from error
            raise

    def _join(self) -> None:
        import ray
        from ray import serve

        options: dict[str, Any] = {
            "namespace": NAMESPACE,
            "log_to_driver": False,
            "logging_level": logging.ERROR,
            "configure_logging": False,
        }
        if self._placing.address:
            _knock(self._placing.address)
            ray.init(address=self._placing.address, **options)
        else:
            self._folder = RayFolder()
            ray.init(
                address="local",
                num_cpus=max(os.cpu_count() or 1, self._placing.most),
                object_store_memory=_STORE_BYTES,
                include_dashboard=False,
                _temp_dir=str(self._folder.path),
                _node_ip_address="127.0.0.1",
                **options,
            )
        logging.getLogger("ray").setLevel(logging.ERROR)
        logging.getLogger("ray.serve").setLevel(logging.ERROR)
        # Replicas are asked by their handle: a door of its own would be open without our limits.
        serve.start(proxy_location="Disabled")

    def place(
        self, generator: Generator, settings: GeneratorSettings, tell: Callable[[str], None] = lambda _line: None
    ) -> DeploymentHandle:
        """Place the generator's replicas; return what asks them, when the first are there.

        Raises ClusterUnusable where they cannot be started, or have no place.
        """
        import ray
        from ray import serve

        from engine.serving.scaled.replica import Owner, Replica

        placing, gpus = self._placing, self._placing.gpus
        if gpus is None:
            has_cards = bool(generator.capabilities().cards) and ray.cluster_resources().get("GPU", 0.0) >= 1.0
            gpus = 1.0 if has_cards else 0.0
        n_together = together(generator)
        deployment = serve.deployment(Replica).options(
            name=generator.name,
            ray_actor_options={"num_cpus": 1, "num_gpus": gpus},
            max_ongoing_requests=n_together,
            health_check_period_s=HEALTH_PERIOD_S,
            health_check_timeout_s=HEALTH_LIMIT_S,
            graceful_shutdown_timeout_s=GRACE_S,
            graceful_shutdown_wait_loop_s=_LOOK_S,
            logging_config={"log_level": "WARNING", "enable_access_log": False},
            **_number_of(placing, n_together),
        )
        cards = f", {gpus:g} graphics cards each" if gpus else ""
        tell(f"{generator.title} is placed on the Ray cluster ({self.address}), {_words(placing)}{cards}")
        try:
            self._owner = ray.remote(num_cpus=0)(Owner).remote()
            target = serve.RunTarget(
                deployment.bind(generator.name, settings, n_together, self._owner), name=self._name, route_prefix=None
            )
            handle = serve.run_many([target], wait_for_applications_running=False)[0]
            self._wait(PLACED_WITHIN_S)
        except ClusterUnusable:
            raise
        except Exception as error:
            raise self._unusable(error) from error
        return handle.options(stream=True)

    @property
    def address(self) -> str:
        return self._placing.address or "on this machine"

    def _wait(self, limit_s: float) -> None:
        from ray import serve

        due_s = time.monotonic() + limit_s
        while True:
            status = serve.status().applications.get(self._name)
            if status is not None and status.status == "RUNNING":
                return
            if status is not None and status.status in ("DEPLOY_FAILED", "UNHEALTHY"):
                raise ClusterUnusable(address=self.address, detail=_sentence(_reason(status)))
            if time.monotonic() > due_s:
                detail = f"the first replicas are not there after {limit_s:g} s"
                raise ClusterUnusable(address=self.address, detail=detail)
            time.sleep(_LOOK_S)

    def _unusable(self, error: Exception) -> ClusterUnusable:
        said = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        return ClusterUnusable(address=self.address, detail=_sentence(said))

    def close(self) -> None:
        """Take the replicas away; end the cluster where it is ours, leave it where it was joined."""
        with _own_signals():
            try:
                import ray
                from ray import serve

                if ray.is_initialized():
                    # What is no longer there need not be taken away.
                    with contextlib.suppress(Exception):
                        serve.delete(self._name)
                    ray.shutdown()
            finally:
                if self._folder is not None:
                    self._folder.remove()


def _knock(address: str) -> None:
    """Look whether anything listens at an address, as Ray itself would ask for minutes. Raises OSError, ValueError."""
    if address != "auto":
        at = urllib.parse.urlsplit(address if "://" in address else f"//{address}")
        if at.hostname is None or at.port is None:
            raise ValueError("an address is written as 10.0.0.1:6379, or auto")
        socket.create_connection((at.hostname, at.port), timeout=KNOCK_S).close()


def together(generator: Generator) -> int:
    """Return how many clips a replica makes together."""
    return max(1, min(_MOST_TOGETHER, generator.capabilities().takes.n_clips))


def _number_of(placing: Placing, n_together: int) -> dict[str, Any]:
    """Return the options that say how many replicas there are."""
    if placing.least == placing.most:
        return {"num_replicas": placing.most}
    return {
        "autoscaling_config": {
            "min_replicas": placing.least,
            "max_replicas": placing.most,
            "initial_replicas": placing.least,
            # More than it makes at once: then others wait.
            "target_ongoing_requests": n_together,
            "upscale_delay_s": 1.0,
            "downscale_delay_s": 300.0,
            "metrics_interval_s": 1.0,
            "look_back_period_s": 2.0,
        }
    }


def _words(placing: Placing) -> str:
    if placing.least == placing.most:
        return f"{placing.most} times" if placing.most > 1 else "once"
    return f"{placing.least} to {placing.most} times"


def _reason(status: Any) -> str:
    """Return why an application does not run."""
    said: list[str] = [one.message for one in status.deployments.values() if one.message]
    return said[0] if said else str(status.message)


def _sentence(text: str) -> str:
    """Return the last line of a trace, or the first of a text, for a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if "Traceback" in text else lines[0] if lines else "")[:300].rstrip(".")


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Keep what signals do, where this is the thread that says so: Ray has them end the process in its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            if handler is not None:
                signal.signal(number, handler)
