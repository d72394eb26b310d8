# SPDX-License-Identifier: GPL-3.0-or-later
"""An outside program gets what it needs of the environment, and no secret."""

from __future__ import annotations

import pytest

from engine.outside.environment import program_environment

NEEDED = (
    *("HOME", "PATH", "USER", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME"),
    *("LD_LIBRARY_PATH", "http_proxy", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE", "HF_HOME", "HF_HUB_OFFLINE"),
    *("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "ROCM_PATH", "HIP_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),
    *("OMP_NUM_THREADS", "INFINILOOP_MUSICGPT"),
)
SECRET = (
    *("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY"),
    *("SSH_AUTH_SOCK", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS", "MYSQL_PWD", "PGPASSWORD", "NPM_TOKEN"),
    *("PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "PASSWORD", "TOKEN", "secret_proxy", "XAUTHORITY", "DISPLAY"),
)


def test_it_is_a_list_of_what_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NEEDED, *SECRET):
        monkeypatch.setenv(name, f"value of {name}")
    passed = program_environment()
    assert {name: passed.get(name) for name in NEEDED} == {name: f"value of {name}" for name in NEEDED}
    assert not set(SECRET) & set(passed)
