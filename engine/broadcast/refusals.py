# SPDX-License-Identifier: GPL-3.0-or-later
"""All refusals of the radio have one shape: ``{"error": {"kind", "fields", "message"}}``."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from engine.serving.answers import Refusal


def answer_refusals(app: FastAPI) -> None:
    """Have an application answer what is refused, whether by itself or by what it is made with."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_nothing_there)
    app.add_exception_handler(RequestValidationError, _on_wrong_query)


def _on_refusal(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    headers = {} if refusal.retry_s is None else {"Retry-After": str(max(1, round(refusal.retry_s)))}
    return _answer(refusal.status, refusal.error["kind"], str(refusal), headers)


def _on_nothing_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "Nothing is at this address: /api says what there is."
    if error.status_code == 405:
        sentence = f"{request.method} is not answered at this address: /api says what is."
    return _answer(error.status_code, "nothing_there", sentence, dict(error.headers or {}))


def _on_wrong_query(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = ", ".join(f"“{one['loc'][-1]}”" for one in error.errors())
    return _answer(422, "query", f"The address lacks {names}, or has it otherwise: /api says how it is asked.", {})


def _answer(status: int, kind: str, message: str, headers: dict[str, str]) -> Response:
    return JSONResponse({"error": {"kind": kind, "fields": {}, "message": message}}, status, headers=headers)
