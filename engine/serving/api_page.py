# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of an interface lists what can be asked of a server, made of its OpenAPI description."""

from __future__ import annotations

from html import escape
from typing import Any


def api_page(described: dict[str, Any], *, style: str = "") -> str:
    """Return a page of HTML for a description in the form of OpenAPI 3; ``style`` is the address of its style sheet."""
    info = described["info"]
    rows = [
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(one.get('description') or one.get('summary', ''))}</td></tr>"
        for path, methods in described["paths"].items()
        for method, one in methods.items()
    ]
    title = escape(info["title"])
    look = f'<link rel="stylesheet" href="{escape(style)}">' if style else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}: interface</title>'
        '<meta name="viewport" content="width=device-width">'
        f"{look}"
        f"<main><h1>{title}</h1><p>{escape(info.get('description', ''))}</p>"
        f"<table><thead><tr><th>Method<th>Path<th>What</thead><tbody>{''.join(rows)}</tbody></table>"
        '<p><a href="/openapi.json">The same for programs (OpenAPI)</a></p></main></html>'
    )
