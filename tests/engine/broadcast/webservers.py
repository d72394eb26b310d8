# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers beside a radio, each on a free port of loopback, with a folder of its own: nginx and Icecast."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests import unpacked

NOBODY = 65_534
PASSWORD = "hush-hush"
ICECAST = """
<icecast>
  <location>here</location> <admin>nobody@localhost</admin> <hostname>localhost</hostname>
  <limits> <clients>50</clients> <sources>5</sources> <source-timeout>5</source-timeout> </limits>
  <authentication>
    <source-password>{password}</source-password> <admin-user>admin</admin-user> <admin-password>boss</admin-password>
  </authentication>
  <listen-socket> <port>{port}</port> <bind-address>127.0.0.1</bind-address> </listen-socket>
  <paths>
    <basedir>{folder}</basedir> <logdir>{folder}</logdir> <webroot>{folder}</webroot> <adminroot>{folder}</adminroot>
  </paths>
  <logging> <accesslog>-</accesslog> <errorlog>-</errorlog> <loglevel>2</loglevel> </logging>
  {more}
</icecast>
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr; {user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        types {{ application/vnd.apple.mpegurl m3u8; audio/mp4 mp4 m4s; }}
        location /hls/ {{ add_header Cache-Control "public, max-age=86400, immutable"; }}
        location = /hls/stream.m3u8 {{ add_header Cache-Control no-cache; }}
    }}
}}
"""


def free_port() -> int:
    """Return a port that no program listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class WebServer:
    """A server's program, started with its settings, and again at the same port."""

    def __init__(self, words: list[str], port: int) -> None:
        self._words, self.port = words, port
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        give_up_s = time.monotonic() + 20.0
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1.0):
                return
            assert self.process.poll() is None, f"{self._words} ended with {self.process.returncode}"
            assert time.monotonic() < give_up_s
            time.sleep(0.05)

    def end(self, *, kill: bool = False) -> None:
        """End it, as it asks for or (nginx has a process below its own) at once."""
        if self.process is not None:
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            self.process.wait(20.0)
            self.process = None


@contextlib.contextmanager
def icecast(folder: Path, *, more: str = "", port: int = 0) -> Iterator[WebServer]:
    """Run Icecast, with these settings besides."""
    port = port or free_port()
    if os.geteuid() == 0:
        # It refuses to be root.
        names = pwd.getpwuid(NOBODY).pw_name, grp.getgrgid(NOBODY).gr_name
        owner = f"<user>{names[0]}</user> <group>{names[1]}</group>"
        more += f"<security> <chroot>0</chroot> <changeowner> {owner} </changeowner> </security>"
    settings = folder / f"icecast-{port}.xml"
    settings.write_text(ICECAST.format(password=PASSWORD, port=port, folder=folder, more=more))
    server = WebServer([unpacked.program("icecast2"), "-c", str(settings)], port)
    try:
        yield server
    finally:
        server.end()


@contextlib.contextmanager
def nginx(folder: Path, root: Path) -> Iterator[WebServer]:
    """Run nginx over what lies in ``root``, by the settings that README has for HLS."""
    port, settings = free_port(), folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    settings.write_text(NGINX.format(folder=folder, root=root, port=port, user=user))
    words = [unpacked.program("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(settings)]
    server = WebServer(words, port)
    try:
        yield server
    finally:
        server.end()
