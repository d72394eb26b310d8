# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser that comes without the token is given a page with a field for it, in English or Italian."""

from __future__ import annotations

import base64
import hashlib

from starlette.responses import HTMLResponse

_STYLE = (
    "body{background:#14171a;color:#e8eaed;font:1.1rem/1.5 system-ui,sans-serif;display:grid;place-content:center;"
    "min-height:90vh;margin:0 1rem}input,button{font:inherit;padding:.5rem .8rem;border-radius:.4rem;"
    "border:1px solid #555d66;background:#1e2328;color:inherit}button{background:#00ff88;color:#000;border:0}"
    "form{display:flex;flex-wrap:wrap;gap:.5rem}:focus-visible{outline:2px solid #00ff88;outline-offset:2px}"
)
_POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-{}'"
_WORDS = {
    "en": ("Token", "The token of this page, which its owner has in a file:", "Open", "That was another one."),
    "it": ("Token", "Il token di questa pagina, che chi la offre ha in un file:", "Apri", "Non era quello giusto."),
}


def token_page(languages: str, *, is_wrong: bool) -> HTMLResponse:
    """Return the page; ``languages`` are those that the browser asks for, the first first."""
    title, words, button, wrong = _WORDS["it" if languages.strip().lower().startswith("it") else "en"]
    told = f"<p role=alert>{wrong}</p>" if is_wrong else ""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    page = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><main>{told}<p><label for=token>{words}</label></p>"
        "<form><input id=token name=token type=password autocomplete=current-password autofocus required>"
        f"<button>{button}</button></form></main>"
    )
    headers = {
        "Content-Security-Policy": _POLICY.format(digest),
        "WWW-Authenticate": "Bearer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(page, 401, headers=headers)
