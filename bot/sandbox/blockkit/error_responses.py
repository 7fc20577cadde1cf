"""Error response bodies; each family of methods has its own format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .error_messages import NO_SCHEMA_MATCHES
from .problems import Problem

ContentKind = Literal["blocks", "view", "message"]
Body = dict[str, Any]

# Slack sends these error codes without response_metadata.
ERRORS_WITHOUT_DETAILS = {
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "no_text",
    "too_many_attachments",
    "view_too_large",
}


def chat_error(problems: Sequence[Problem], *, prefix: str = "/blocks") -> Body:
    """Return the error response of chat.* to `problems`, which must not be empty.

    `prefix` is the JSON pointer of the checked value in the arguments: "" after `check_message`.
    """
    ordinary = [problem for problem in problems if problem.error is None]
    if not ordinary:
        return _special_error(problems[0])
    errors = [_message_with_pointer(problem, prefix) for problem in ordinary]
    return {
        "ok": False,
        "error": "invalid_blocks",
        "errors": errors,
        "response_metadata": {"messages": [f"[ERROR] {error}" for error in errors]},
    }


def view_error(problems: Sequence[Problem]) -> Body:
    """Return the error response of views.* to `problems`, which must not be empty."""
    ordinary = [problem for problem in problems if problem.error is None]
    if not ordinary:
        return _special_error(problems[0])
    messages = [f"[ERROR] {_message_with_pointer(problem, '/view')}" for problem in ordinary]
    return {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": messages},
    }


def validate_error(problems: Sequence[Problem], *, kind: ContentKind) -> Body:
    """Return the error response of blocks.validate to `problems`, which must not be empty.

    As in Slack's example, it omits the general problem "failed to match all allowed schemas".
    """
    reported = [problem for problem in problems if problem.message != NO_SCHEMA_MATCHES.message]
    return {"ok": False, "error": f"invalid_{kind}", "errors": list(map(_problem_json, reported))}


def _problem_json(problem: Problem) -> Body:
    body: Body = {"code": problem.code, "message": problem.message, "pointer": problem.pointer}
    if problem.constraint is not None:
        body["constraint"] = dict(problem.constraint)
    if problem.field is not None:
        body["field"] = problem.field
    return body


def _message_with_pointer(problem: Problem, prefix: str) -> str:
    return f"{problem.message} [json-pointer:{prefix}{problem.pointer}]"


def _special_error(problem: Problem) -> Body:
    body: Body = {"ok": False, "error": problem.error}
    if problem.error in ERRORS_WITHOUT_DETAILS:
        return body
    return body | {"response_metadata": {"messages": [f"[ERROR] {problem.message}"]}}
