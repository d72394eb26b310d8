# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms come as browsers and HTTP clients send them with files in them (multipart/form-data, RFC 7578)."""

from __future__ import annotations

import email.message
import email.parser
import re
from dataclasses import dataclass, field

MOST_PARTS = 16
"""Number of a form's fields and files, at most."""
MOST_HEAD_BYTES = 4096
"""Size of the lines before a part's content, at most."""
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")


@dataclass(frozen=True, slots=True)
class SentForm:
    """A sent form has fields and files by their names, each of which stands in it once."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)


def form_in(body: bytes, content_type: str) -> SentForm:
    """Return the form in a request's body. Raises ValueError for what is none."""
    kind = email.message.Message()
    kind["Content-Type"] = content_type
    if kind.get_content_type() != "multipart/form-data":
        raise ValueError("it is no form with a file (multipart/form-data)")
    boundary = (kind.get_boundary() or "").encode("utf-8", "replace")
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("its Content-Type names no boundary")
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 2)[1:]
    if len(parts) > MOST_PARTS + 1:
        raise ValueError(f"it has more than {MOST_PARTS} parts")
    if not parts or not parts.pop().startswith(b"--"):
        raise ValueError("its end is missing")
    form = SentForm()
    for part in parts:
        _take_in(form, part)
    return form


def _take_in(form: SentForm, part: bytes) -> None:
    """Add a part, which begins behind its boundary."""
    line, end, rest = part.partition(b"\r\n")
    # A part may have no lines of its own at all: then its content follows an empty one.
    head, blank, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if line.strip(b" \t") or not end or not blank or len(head) > MOST_HEAD_BYTES:
        raise ValueError("a part of it is no field")
    said = email.parser.HeaderParser().parsestr(head.decode("utf-8").lstrip("\r\n") + "\r\n\r\n")
    name = said.get_param("name", header="content-disposition")
    if said.get_content_disposition() != "form-data" or not isinstance(name, str) or not name:
        raise ValueError("a part of it has no name")
    if name in form.fields or name in form.files:
        raise ValueError(f"“{name[:40]}” stands in it twice")
    if said.get_filename() is not None:
        form.files[name] = content
    else:
        form.fields[name] = content.decode("utf-8")
