# SPDX-License-Identifier: GPL-3.0-or-later
"""An extra goes into the studio's environment whole, by real pip from a local index, and make finds nothing wrong."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.errors import (
    EnvironmentClosed,
    ExtraUnknown,
    FetchedDamaged,
    FetchingOff,
    HubUnreachable,
    NoRoomFor,
    SetupFailed,
)
from engine.generators.base import finished
from engine.models import extras, fetching
from engine.models.extras import Environment, Package, Plan, extra_held, plan_setup, requirements_of, set_up
from engine.values.assets import FetchProgress, Held
from tests.standins.hub import Hub

NOISE = bytes((i * i) % 251 for i in range(70_000))
WANTED = ("infiniloop-tiny-model>=1.0",)


def wheel(project: str, *, needs: str = "", data: bytes = b"") -> tuple[str, bytes]:
    """Return a wheel's file name and content: one module, and what it needs."""
    module, where = project.replace("-", "_"), f"{project.replace('-', '_')}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n" + (
        f"Requires-Dist: {needs}\n" if needs else ""
    )
    files = {
        f"{module}.py": b"answer = 42\n",
        f"{module}.bin": data,
        f"{where}/METADATA": metadata.encode(),
        f"{where}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    files[f"{where}/RECORD"] = "\n".join([*lines, f"{where}/RECORD,,", ""]).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return f"{module}-1.0-py3-none-any.whl", file.getvalue()


@pytest.fixture
def index(hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Hub:
    """Return an index with two packages, of which one needs the other, that pip asks by its usual settings."""
    monkeypatch.setattr(fetching, "FIRST_WAIT_S", 0.01)
    # A machine with a card asks no second index.
    monkeypatch.setattr(extras, "has_nvidia_card", lambda: True)
    for name, value in (("PIP_INDEX_URL", f"{hub.url}/simple/"), ("PIP_NO_CACHE_DIR", "1"), ("PIP_RETRIES", "0")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    hub.add_wheel("infiniloop-tiny-model", *wheel("infiniloop-tiny-model", needs="infiniloop-tiny-part", data=NOISE))
    hub.add_wheel("infiniloop-tiny-part", *wheel("infiniloop-tiny-part"))
    return hub


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Return an environment of its own, as make would have noted it."""
    prefix = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(prefix)], check=True)
    interpreter = str(prefix / "bin" / "python")
    site = next((prefix / "lib").glob("python3*")) / "site-packages"
    with zipfile.ZipFile(io.BytesIO(wheel("infiniloop-base")[1])) as archive:
        archive.extractall(site)
    (prefix / extras.NOTED).write_text("infiniloop_base\n")
    assert is_whole(interpreter)
    return Environment(interpreter, prefix, is_own=True)


def is_whole(interpreter: str) -> bool:
    """Return what the check before each ``make run`` says of an environment."""
    return subprocess.run([interpreter, "-I", str(extras.MISSING_FILES)], check=False).returncode == 0


def planned(environment: Environment) -> Plan:
    return finished(plan_setup("tiny", requirements=WANTED, environment=environment))


def by_hand(index: Hub) -> Plan:
    """Return the same plan without asking pip, which takes its time."""
    packages = []
    for path, content in index.files.items():
        if path.startswith("/packages/"):
            sha256 = hashlib.sha256(content).hexdigest()
            packages.append(Package(path.partition("-")[0], "1.0", index.url + path, len(content), sha256))
    return Plan("tiny", tuple(packages))


def answer_of(environment: Environment) -> str:
    code = "import infiniloop_tiny_model, infiniloop_tiny_part; print(infiniloop_tiny_model.answer)"
    done = subprocess.run([environment.interpreter, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.mark.soak
def test_an_extra_is_planned_fetched_and_installed_and_the_environment_stays_whole(
    index: Hub, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(environment)
    assert {(one.name, one.version) for one in plan.packages} == {
        ("infiniloop-tiny-model", "1.0"),
        ("infiniloop-tiny-part", "1.0"),
    }
    assert plan.download_bytes == by_hand(index).download_bytes
    index.spoiled = True
    with pytest.raises(FetchedDamaged):
        finished(set_up(plan, environment=environment))
    index.spoiled = False
    monkeypatch.setattr(fetching, "MOST_TRIES", 1)
    index.cuts = 1
    with pytest.raises(HubUnreachable):
        finished(set_up(plan, environment=environment))
    assert answer_of(environment) == "", "until all is there nothing is changed"
    told: list[FetchProgress] = []
    finished(set_up(plan, environment=environment), told)
    assert any(path.endswith("model-1.0-py3-none-any.whl") and where for _, path, where in index.asked)
    assert answer_of(environment) == "42"
    counts = [one.done_bytes for one in told if one.stage == "downloading"]
    assert counts == sorted(counts)
    assert counts[-1] == plan.download_bytes
    assert {one.can_cancel for one in told if one.stage == "installing"} == {False}
    assert is_whole(environment.interpreter)
    noted = (environment.prefix / extras.NOTED).read_text().split()
    assert {"infiniloop_base", "infiniloop_tiny_model", "infiniloop_tiny_part"} <= set(noted)
    assert [one.name for one in environment.prefix.iterdir() if "infiniloop" in one.name or one.suffix == ".log"] == []
    assert planned(environment).packages == ()


def test_cancelled_while_it_downloads_nothing_has_changed(index: Hub, environment: Environment) -> None:
    before = sorted(environment.prefix.rglob("*"))
    setting = set_up(by_hand(index), environment=environment)
    while next(setting).done_bytes < index.cut_bytes:
        pass
    setting.close()
    assert sorted(environment.prefix.rglob("*")) == before
    assert is_whole(environment.interpreter)


def test_what_pip_cannot_find_is_told_with_its_words(index: Hub, environment: Environment) -> None:
    steps = plan_setup("tiny", requirements=("infiniloop-tiny-model>=2",), environment=environment)
    with pytest.raises(SetupFailed, match="No matching distribution found for infiniloop-tiny-model>=2"):
        finished(steps)
    assert (environment.prefix / "pip-extra.log").exists()


def test_a_closed_environment_says_what_to_do(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = Environment(environment.interpreter, environment.prefix, is_own=False)
    with pytest.raises(EnvironmentClosed, match=r"the system's own Python.*python3 -m venv"):
        finished(plan_setup("tiny", requirements=WANTED, environment=system))
    # A tester who is root may write everywhere.
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(EnvironmentClosed, match=r"cannot be written.*infiniloop models setup tiny"):
        finished(plan_setup("tiny", requirements=WANTED, environment=environment))


def test_no_room_and_offline_are_told_before(
    index: Hub, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FetchingOff):
        finished(plan_setup("tiny", requirements=WANTED, environment=environment, offline=True))

    class Full:
        free = 10

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Full)
    with pytest.raises(NoRoomFor):
        finished(set_up(by_hand(index), environment=environment))
    assert index.asked == []


def test_the_studios_extras_are_read_from_its_own_metadata() -> None:
    assert [one.partition(">")[0] for one in requirements_of("musicgen")] == ["torch", "transformers"]
    with pytest.raises(ExtraUnknown, match="diffusion, link, midi, musicgen"):
        requirements_of("music")
    # What the tests themselves need of the studio's extras is there.
    assert extra_held("serve") is Held.HERE
