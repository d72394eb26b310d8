# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas on a real Ray cluster of this machine make the clips of “infiniloop serve --on-ray”, die and are replaced.

Ray is installed by ``make soak`` alone.
"""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
import soundfile

from engine.errors import StudioError
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.values import ClipResult, Progress
from tests.app.commands.running import ROOT
from tests.engine.serving.asking import heard, made, submit, wait_for
from tests.engine.serving.running import Server, asked, serving, settings_of, until
from tests.standins import install_slow

pytestmark = [pytest.mark.soak, pytest.mark.started]

LONG = "parts=600 pause=0.1"


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, home: Any) -> Iterator[Server]:
    """Return a server whose slow generator has two replicas."""
    with two_slow(tmp_path_factory.mktemp("slow")) as server:
        yield server


@pytest.fixture
def http(slow: Server) -> Iterator[httpx.Client]:
    with client_of(slow) as client:
        yield client


def two_slow(folder: Path) -> AbstractContextManager[Server]:
    return serving(folder, "--generator", "slow", "--on-ray", "--replicas", "2", "--per-minute", "1000")


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, trust_env=False, timeout=60.0)


def clip_of(server: Server, prompt: str, told: list[Progress] | None = None, **values: Any) -> ClipResult:
    """Return a clip that the server makes, as a studio asks for it."""
    return finished(make_clip(asked(prompt, **values), settings_of(server)), told)


def replicas(server: Server) -> list[psutil.Process]:
    """Return the processes of the replicas that are there."""
    found = []
    for one in server.children():
        try:
            if "".join(one.cmdline()).startswith("ray::ServeReplica"):
                found.append(one)
        except psutil.Error:
            pass
    return found


def test_two_replicas_make_the_composers_clips_and_nothing_stays(tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("infiniloop-ray-*"))
    with serving(tmp_path, "--generator", "composer", "--on-ray", "--replicas", "2") as server:
        assert len(replicas(server)) == 2
        assert httpx.get(f"{server.url}/capabilities", trust_env=False).json()["at_once"] == 2
        with ThreadPoolExecutor(2) as threads:
            results = list(threads.map(lambda seed: clip_of(server, "lofi", duration_s=6.0, seed=seed), (3, 4)))
        for seed, result in zip((3, 4), results, strict=True):
            request = replace(asked("lofi", duration_s=6.0, seed=seed), generator="composer")
            ours = finished(make_clip(request, GeneratorSettings()))
            np.testing.assert_array_equal(result.clip.samples, ours.clip.samples)
            assert result.seed == seed
        hosts = {
            one.laddr.ip
            for process in [psutil.Process(server.process.pid), *server.children()]
            for one in process.net_connections("inet")
            if one.status == psutil.CONN_LISTEN
        }
        assert hosts <= {"127.0.0.1", "::ffff:127.0.0.1"}
        assert len(set(Path("/tmp").glob("infiniloop-ray-*")) - before) == 1
        children = server.children()
        assert server.end() == 128 + signal.SIGINT
        assert not psutil.wait_procs(children, timeout=10.0)[1]
        assert server.said.splitlines()[-1] == "infiniloop: stopped."
        assert "Traceback" not in server.said
    assert set(Path("/tmp").glob("infiniloop-ray-*")) <= before


def test_a_server_that_is_killed_takes_its_cluster_along(tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("infiniloop-ray-*"))
    with two_slow(tmp_path) as server:
        children = server.children()
        left = set(Path("/tmp").glob("infiniloop-ray-*")) - before
        server.kill()
        assert not psutil.wait_procs(children, timeout=30.0)[1]
    assert len(left) == 1
    until(lambda: not any(one.exists() for one in left))


def test_parts_and_clips_come_as_from_the_generator_process(slow: Server) -> None:
    told: list[Progress] = []
    result = clip_of(slow, "parts=4 pause=0.05", told, n_clips=2)
    assert sum(one.chunk is not None for one in told) == 4
    assert len(result.others) == 1


def test_a_clip_that_is_given_up_frees_its_replica(slow: Server, http: httpx.Client) -> None:
    names = [submit(http, f"{LONG} number={n}") for n in range(4)]
    for name in names[:2]:
        until(lambda name=name: http.get(f"/clips/{name}").json()["state"] == "running")
    for name in names:
        assert http.delete(f"/clips/{name}").status_code == 204
    # A minute each, were they not given up.
    for n in range(4):
        made(http, f"parts=1 after={n}")
    assert len(replicas(slow)) == 2


def test_a_replica_that_dies_has_its_clip_made_by_another(tmp_path: Path) -> None:
    with two_slow(tmp_path) as server, client_of(server) as http:
        name = submit(http, "parts=40 pause=0.1")
        until(lambda: http.get(f"/clips/{name}").json()["events"] > 5)
        for one in replicas(server):
            one.kill()
        assert wait_for(http, name)["state"] == "done"
        server.wait_for("its replica is gone, another one makes it")
        # What was heard of the first attempt is not told again.
        assert 0 < sum(isinstance(one, bytes) for one in heard(server, name)) < 40
        until(lambda: len(replicas(server)) == 2)


def test_what_goes_wrong_in_a_replica_is_told(tmp_path: Path) -> None:
    with two_slow(tmp_path) as server, client_of(server) as http:
        for prompt, words in (
            ("parts=2 fail=1", "it was told to"),
            ("parts=2 hang=1", "Slow .* 2 s"),
            ("parts=2 die=1", "3 replicas died of this clip"),
        ):
            with pytest.raises(StudioError, match=words):
                clip_of(server, prompt)
            made(http, "parts=1")
        until(lambda: len(replicas(server)) == 2)


def test_more_replicas_come_while_clips_wait(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--generator", "slow", "--on-ray", "--replicas", "1-2") as server,
        client_of(server) as http,
    ):
        assert len(replicas(server)) == 1
        names = [submit(http, f"{LONG} number={n}") for n in range(4)]
        until(lambda: len(replicas(server)) == 2)
        for name in names:
            http.delete(f"/clips/{name}")
        made(http, "parts=1")


def test_a_model_makes_seeds_that_follow_in_one_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a process of its own: what it imports starts threads that stay.
    build = f"from tests.standins.tiny_musicgen import install; install(Path({str(tmp_path / 'hub')!r}), 'small')"
    subprocess.run([sys.executable, "-c", f"from pathlib import Path; {build}"], cwd=ROOT, check=True)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with (
        serving(tmp_path, "--generator", "musicgen", "--on-ray", "--replicas", "1") as server,
        client_of(server) as http,
    ):
        made(http, "lofi", seed=1, model="small")  # loads the model
        first = made(http, "lofi", seed=7, model="small")
        second = made(http, "lofi", seed=8, model="small")
        submit(http, "another", seed=1, model="small", duration_s=5.0)  # while it is made, the next ones come together
        names = [submit(http, "lofi", seed=seed, model="small") for seed in (7, 8)]
        for name in names:
            assert wait_for(http, name)["state"] == "done"
        assert [http.get(f"/clips/{name}/result").json()["seed"] for name in names] == [7, 8]
        parts = [sum(isinstance(one, bytes) for one in heard(server, name)) for name in names]
        assert parts[0] > 0
        assert parts[1] == 0
        sounds = [_samples(http.get(f"/clips/{name}/sounds/clip").content) for name in (*names, first, second)]
        np.testing.assert_allclose(sounds[0], sounds[2], atol=1e-4)
        np.testing.assert_allclose(sounds[1], sounds[3], atol=1e-4)
        assert np.abs(sounds[0] - sounds[1]).max() > 1e-3


def _samples(wav: bytes) -> Any:
    return soundfile.read(io.BytesIO(wav), dtype="float32", always_2d=True)[0]


CLUSTER = """
import sys
from ray.cluster_utils import Cluster
cluster = Cluster()
for _ in range(2):
    cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory=100 * 2**20)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of a cluster of two nodes, each with room for one replica, that goes on without us."""
    folder = tempfile.mkdtemp(prefix="infiniloop-cluster-", dir="/tmp")  # short, as sockets are in it
    environment = {
        "PYTHONPATH": str(install_slow(tmp_path / "installed")),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": "0123456789abcdef" * 4,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_TMPDIR": folder,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdin is not None
            address = process.stdout.readline().strip()
            assert address
            yield address
            children = psutil.Process(process.pid).children(recursive=True)
            process.stdin.close()
            process.wait(60.0)
            assert not psutil.wait_procs(children, timeout=10.0)[1]
        finally:
            process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def of_cluster(name: str) -> list[psutil.Process]:
    """Return the processes of replicas in whose path that name is: none of ours started them."""
    found = []
    for one in psutil.process_iter():
        try:
            if (
                "".join(one.cmdline()).startswith("ray::ServeReplica")
                and one.environ().get("PYTHONPATH", "").find(name) >= 0
            ):
                found.append(one)
        except psutil.Error:
            pass
    return found


def test_a_cluster_that_runs_is_joined_and_left_as_it_was(tmp_path: Path, cluster: str) -> None:
    def serve() -> Any:
        return serving(tmp_path, "--generator", "slow", "--on-ray", "--ray-address", cluster, "--replicas", "2")

    place = str(tmp_path / "installed")
    with serve() as server:
        assert len(of_cluster(place)) == 2
        result = clip_of(server, "parts=3")
        assert result.clip.n_samples > 0
        assert server.end() == 128 + signal.SIGINT
    until(lambda: not of_cluster(place))
    # A server that is killed takes nothing away: its replicas see that it is gone.
    with serve() as server:
        assert len(of_cluster(place)) == 2
        server.kill()
        until(lambda: not of_cluster(place))


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "serve", "--port", "0", "--on-ray", "--ray-address", "127.0.0.1:1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    told = "infiniloop: The Ray cluster (127.0.0.1:1) cannot be used: Connection refused."
    assert done.stderr.splitlines()[-1] == told
