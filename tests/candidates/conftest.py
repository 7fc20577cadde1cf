"""Fixtures of the tests of candidates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.candidates.model_server import ModelServer, run_model_server


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """Return a running server of models."""
    with run_model_server() as running:
        yield running
