"""Requests as Slack sends them: secrets, content types, and the documented example."""

from __future__ import annotations

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - Slack publishes it as an example
NEW_SECRET = f"new{SECRET}"
SECRETS = f"{SECRET} {NEW_SECRET}"
JSON = "application/json"
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"

# The worked example of Slack's page "Verifying requests from Slack".
DOCUMENTED_AT = "1531420618"
DOCUMENTED_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
DOCUMENTED_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def documented_headers(**changes: str) -> dict[str, str]:
    """Return the headers of the documented example, with changes."""
    headers = {
        "X-Slack-Request-Timestamp": DOCUMENTED_AT,
        "X-Slack-Signature": DOCUMENTED_SIGNATURE,
    }
    return {**headers, **changes}
