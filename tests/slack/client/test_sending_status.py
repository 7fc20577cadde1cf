"""What people read about scopes that the app lacks."""

from __future__ import annotations

import pytest

from bot.slack.client.sending_status import UNKNOWN_SCOPE, describe_scopes


@pytest.mark.parametrize(
    ("scopes", "remedy"),
    [
        ("chat:write", "add the scope chat:write"),
        ("channels:read,groups:read", "add one of channels:read, groups:read"),
        (UNKNOWN_SCOPE, "add the scope that its documentation names"),
    ],
)
def test_remedy_names_the_scopes(scopes: str, remedy: str) -> None:
    assert describe_scopes(scopes) == remedy
