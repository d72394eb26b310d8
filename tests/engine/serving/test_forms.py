# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms are read as HTTP clients write them, and what is none is refused in words."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.serving.forms import MOST_PARTS, SentForm, form_in

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_äß", min_size=1, max_size=20)
KIND = "multipart/form-data; boundary=x"


def sent(fields: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    """Return a form as httpx writes it, and its Content-Type."""
    parts: list[tuple[str, tuple[str | None, bytes]]] = [(name, ("a.wav", one)) for name, one in files.items()]
    parts += [(name, (None, one.encode())) for name, one in fields.items()]
    request = httpx.Request("POST", "http://x/", files=parts)
    return request.read(), request.headers["content-type"]


def part(*lines: bytes, content: bytes = b"1") -> bytes:
    return b"--x\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + content + b"\r\n"


@given(
    fields=st.dictionaries(NAMES, st.text(max_size=30), max_size=5),
    files=st.dictionaries(st.sampled_from(["Request", "Other"]), st.binary(max_size=200), min_size=1),
)
def test_what_a_client_sends_is_what_is_read(fields: dict[str, str], files: dict[str, bytes]) -> None:
    body, kind = sent(fields, files)
    form = form_in(body, kind)
    assert form.files == files
    assert form.fields == fields


def test_line_ends_and_dashes_within_a_file_are_its_own() -> None:
    content = b"\r\n\r\n--x-\r\n--\r\n\n\r--y"
    body, kind = sent({}, {"request": content})
    assert form_in(body, kind).files == {"request": content}


def test_what_stands_before_the_first_part_and_after_the_last_does_not_count() -> None:
    one = part(b'Content-Disposition: form-data; name="a"')
    assert form_in(b"hello\r\n" + one + b"--x--\r\nbye", KIND) == SentForm({"a": "1"})
    assert form_in(b"--x--", KIND) == SentForm()


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", KIND, "end is missing"),
        (b"--x", KIND, "end is missing"),
        (part(b'Content-Disposition: form-data; name="a"'), KIND, "end is missing"),
        (b"{}", "application/json", "no form with a file"),
        (b"a=1", "application/x-www-form-urlencoded", "no form with a file"),
        (b"x", "", "no form with a file"),
        (b"x", "multipart/form-data", "no boundary"),
        (b"x", "multipart/form-data; boundary=" + "x" * 71, "no boundary"),
        (b"x", 'multipart/form-data; boundary="\r\nx"', "no boundary"),
        (part(b"Content-Disposition: form-data") + b"--x--", KIND, "has no name"),
        (part(b'Content-Disposition: attachment; name="a"') + b"--x--", KIND, "has no name"),
        (part() + b"--x--", KIND, "has no name"),
        (b"--xa\r\n\r\n\r\n--x--", KIND, "is no field"),
        (b"--x\r\nno blank line\r\n--x--", KIND, "is no field"),
        (part(b"A: " + b"a" * 5000) + b"--x--", KIND, "is no field"),
        (part(b'Content-Disposition: form-data; name="a"') * 2 + b"--x--", KIND, "twice"),
        (part(b'Content-Disposition: form-data; name="a"') * 1000 + b"--x--", KIND, f"more than {MOST_PARTS}"),
        (part(b'Content-Disposition: form-data; name="a"', content=b"\xff") + b"--x--", KIND, "utf-8"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        form_in(body, kind)


@given(body=st.binary(max_size=300), cut=st.integers(0, 400), kind=st.sampled_from([KIND, "multipart/form-data"]))
def test_rubbish_is_no_form(body: bytes, cut: int, kind: str) -> None:
    whole = part(b'Content-Disposition: form-data; name="a"; filename="b"', content=body) + b"--x--"
    for one in (body, whole[:cut]):
        try:
            form_in(one, kind)
        except ValueError:
            continue
