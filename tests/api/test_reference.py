"""The reference in the documentation is the one of the OpenAPI document."""

from __future__ import annotations

from bot.api.app import openapi_document_of_routes
from bot.api.reference import render_reference
from tests.pages import DOCS


def test_reference_is_up_to_date() -> None:
    written = (DOCS / "api-reference.md").read_text(encoding="utf-8")
    assert written == render_reference(openapi_document_of_routes()), "run make api-reference"
