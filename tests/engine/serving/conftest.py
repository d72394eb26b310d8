# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's tests talk with the server of their module by this client."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.engine.serving.asking import HEADERS
from tests.engine.serving.running import Server


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=HEADERS, trust_env=False, timeout=30.0) as client:
        yield client
