"""Every error that stops sending has a remedy of its own."""

from __future__ import annotations

import pytest

from bot.slack.client.error_codes import ErrorKind, codes_of_kind
from bot.slack.client.login_errors import ADVICE_BY_ERROR, CHECK_NETWORK_ADVICE, advice_for


@pytest.mark.parametrize("code", sorted(codes_of_kind(ErrorKind.APP)))
def test_error_that_stops_sending_has_a_remedy(code: str) -> None:
    assert code in ADVICE_BY_ERROR
    assert advice_for(code, "SLACK_BOT_TOKEN") != CHECK_NETWORK_ADVICE
