"""The client is tested against the running API of the API tests."""

from __future__ import annotations

from tests.api.conftest import api, api_server

__all__ = ["api", "api_server"]
