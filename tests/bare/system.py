# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare system is a Debian in a folder with only git, make, ca-certificates and sudo, and people who work in it.

Each command gets mounts and process numbers of its own, which end with it however it ends: nothing stays mounted.
"""

from __future__ import annotations

import configparser
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

PACKAGES = ("git", "make", "ca-certificates", "sudo")
"""Packages that are installed beside what every Debian has; no Python."""
CLONE = "infiniloop"
"""The clone's folder, in its owner's home."""

_APT = Path("/etc/apt")
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_PASSED = re.compile(r"PIP_|SSL_CERT_FILE$|REQUESTS_CA_BUNDLE$|CURL_CA_BUNDLE$|.*_proxy$", re.IGNORECASE)
"""Variables that lead pip and apt to their registries; a bare system's people have no others."""
_LEADS_APT = re.compile(r"Acquire::(?!IndexTargets|CompressionTypes)")
"""Parts of apt's configuration that lead it to its registries; hooks name programs that a bare system lacks."""
_MOUNT = """
root=$1; read_only=$2; shift 2
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 none "$root/dev/shm"
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do
    mkdir -p "$root$1"; mount --rbind "$1" "$root$1"; shift
done
shift
if [ -n "$read_only" ]; then
    mount --bind "$root$read_only" "$root$read_only"; mount -o remount,ro,bind "$root$read_only"
fi
# Not chroot alone, in which nobody but root may make namespaces, as tests do.
cd "$root"
pivot_root . mnt
umount -l /mnt
exec chroot "$@"
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A person works in the system; all but root have sudo, which asks for no password."""

    name: str

    @property
    def home(self) -> str:
        return "/root" if self.name == "root" else f"/home/{self.name}"

    @property
    def is_root(self) -> bool:
        return self.name == "root"


@dataclass(frozen=True, slots=True)
class System:
    """A system is a Debian below ``root``.

    Attributes
    ----------
    shown
        Folders of this machine that are seen there, at the same place.
    """

    root: Path
    shown: tuple[Path, ...] = field(default_factory=tuple)

    def start(
        self,
        person: Person,
        command: str,
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        shown: Sequence[Path] = (),
        has_network: bool = True,
        is_read_only: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Have a person type ``command`` in the clone, without a terminal; its output goes to ``log``.

        Killed, all that it started ends. ``is_read_only``: the clone lies on a disk that nobody can write to.
        """
        variables = {
            "HOME": person.home,
            "USER": person.name,
            "LOGNAME": person.name,
            "SHELL": "/bin/sh",
            "TERM": "dumb",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            **leading_variables(),
            **(environment or {}),
        }
        with log.open("ab") as file:
            return subprocess.Popen(
                [
                    # Ends with this process, and all that it started with it.
                    "setpriv", "--pdeathsig", "KILL",
                    "unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if has_network else ["--net"]), "--",
                    "sh", "-ec", _MOUNT, "sh", str(self.root), f"{person.home}/{CLONE}" if is_read_only else "",
                    *map(str, (*self.shown, *shown)), "--",
                    f"--userspec={person.name}:{person.name}", f"--groups={person.name}", "/",
                    "env", "-i", *(f"{name}={value}" for name, value in variables.items()),
                    "sh", "-c", f"cd ~/{CLONE} 2>/dev/null || cd; {command}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )  # fmt: skip

    @staticmethod
    def ended(process: subprocess.Popen[bytes]) -> int:
        """Wait for what a person typed, and return the exit code; when interrupted, all of it ends."""
        try:
            return process.wait()
        finally:
            process.kill()
            process.wait()

    def settle(self, person: Person, bundle: Path) -> None:
        """Give a person a home, the way to the registries, sound through the tests' server, and a clone."""
        log = self.root.parent / "settling.log"
        name = person.name
        if not person.is_root:
            sudoers = shlex.quote(f"{name} ALL=(ALL) NOPASSWD: ALL")
            make = f"useradd -m {name} && echo {sudoers} >/etc/sudoers.d/{name} && chmod 440 /etc/sudoers.d/{name}"
            _must(self.ended(self.start(Person("root"), make, log=log)), log)
        home = self.root / person.home.lstrip("/")
        for file in pip_files():
            if file.is_relative_to(Path.home()):
                _copy(file.parent, home / file.parent.relative_to(Path.home()))
        shutil.copy(bundle, self.root / "tmp" / bundle.name)
        (home / ".asoundrc").write_text("pcm.!default {\n    type pulse\n}\nctl.!default {\n    type pulse\n}\n")
        own = f"chown -R {name}:{name} {person.home} && chmod 644 /tmp/{bundle.name}"
        _must(self.ended(self.start(Person("root"), own, log=log)), log)
        clone = f"cd; git clone -q /tmp/{bundle.name} {CLONE}"
        _must(self.ended(self.start(person, clone, log=log)), log)


def build(root: Path, log: Path) -> System:
    """Make the system below ``root`` from this machine's own apt sources, as root; this takes minutes."""
    if shutil.which("mmdebstrap") is None:
        _call(["apt-get", "install", "-y", "-q", "--no-install-recommends", "mmdebstrap"], log)
    options = [f"--aptopt={line.removesuffix(';')}" for line in apt_options()]
    # What is thrown away need not outlive a power cut: dpkg waits for the disk otherwise, minutes on a busy one.
    options.append("--dpkgopt=force-unsafe-io")
    command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", *options, suite(), str(root)]
    _call([*command, *map(str, apt_sources())], log)
    return System(root, tuple(local_indexes()))


def lead_to_registries(system: System) -> None:
    """Copy the configuration that leads this machine's apt and pip to their registries."""
    root = system.root
    for folder in ("auth.conf", "auth.conf.d", "keyrings", "trusted.gpg.d"):
        _copy(_APT / folder, root / "etc/apt" / folder)
    for source in apt_sources():
        for key in re.findall(r"[Ss]igned-[Bb]y[:=]\s*(/\S+?)[\s\]]", source.read_text() + "\n"):
            _copy(Path(key), root / key.lstrip("/"))
    (root / "etc/apt/apt.conf.d/99host").write_text("".join(f"{line}\n" for line in apt_options()))
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    with (root / "etc/hosts").open("a") as hosts:
        # sudo looks its own machine up.
        hosts.write(f"127.0.1.1 {platform.node()}\n")
    _copy(Path("/usr/local/share/ca-certificates"), root / "usr/local/share/ca-certificates")
    for certificates in {
        _CERTIFICATES,
        *(value for name, value in leading_variables().items() if Path(value).is_file()),
    }:
        if certificates.startswith("/"):
            _copy(Path(certificates), root / certificates.lstrip("/"))
    for file in pip_files():
        if not file.is_relative_to(Path.home()):
            # With what lies beside it: it may be named there.
            one = file if file.parent == Path("/etc") else file.parent
            _copy(one, root / str(one).lstrip("/"))


def leading_variables() -> dict[str, str]:
    """Return this process's variables that lead to the registries."""
    return {name: value for name, value in os.environ.items() if _PASSED.match(name)}


def suite() -> str:
    """Return this machine's Debian release."""
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "bookworm")


def apt_sources() -> list[Path]:
    """Return the files that name where this machine's packages come from."""
    found = [_APT / "sources.list", *sorted((_APT / "sources.list.d").glob("*.list"))]
    found += sorted((_APT / "sources.list.d").glob("*.sources"))
    return [one for one in found if one.is_file() and re.search(r"(?m)^(deb |Types:)", one.read_text())]


def apt_options() -> list[str]:
    """Return lines of this machine's apt configuration that say how to get packages."""
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if _LEADS_APT.match(line) and not line.endswith('"";')]


def pip_files() -> list[Path]:
    """Return the configuration files that pip reads here."""
    told = _pip("config", "debug")
    return [Path(one) for one in re.findall(r"^\s*(/.*), exists: True$", told, re.MULTILINE)]


def local_indexes() -> Iterator[Path]:
    """Return the folders of this machine that pip takes packages from."""
    values = [value for name, value in os.environ.items() if name.startswith("PIP_")]
    for file in pip_files():
        parser = configparser.RawConfigParser()
        parser.read(file)
        values += [value for section in parser.values() for value in section.values()]
    for word in {word for value in values for word in value.split()}:
        path = Path(unquote(word.removeprefix("file://")))
        if path.is_absolute() and path.is_dir():
            # An index's pages link to files beside it.
            yield path.parent if word.startswith("file:") and len(path.parts) > 2 else path


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, dirs_exist_ok=True)
    elif source.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, to)


def _call(command: Sequence[str], log: Path) -> None:
    with log.open("ab") as file:
        _must(subprocess.run(command, stdout=file, stderr=file, check=False).returncode, log)


def _must(status: int, log: Path) -> None:
    if status:
        raise BareError(f"the bare system was not made (exit code {status})", log)


class BareError(Exception):
    """A step failed; the error says why and which file tells more."""

    def __init__(self, told: str, log: Path) -> None:
        super().__init__(told)
        self.log = log
