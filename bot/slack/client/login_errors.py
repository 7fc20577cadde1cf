"""Why Slack refuses a token or does not answer, in words, with the remedy."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.client.web_client import error_code

COPY_TOKEN_ADVICE = "copy {which} from the app's page (api.slack.com/apps) again"  # noqa: S105 - no secret

ASK_ADMIN_ADVICE = "an administrator of the workspace must allow the app"

MIGRATION_ADVICE = "the workspace is being migrated; wait until Slack has finished"

ADVICE_BY_ERROR = {
    "accesslimited": ASK_ADMIN_ADVICE,
    "account_inactive": "the app was removed from the workspace; install it again",
    "ekm_access_denied": "an administrator has suspended access; ask for it",
    "enterprise_is_restricted": ASK_ADMIN_ADVICE,
    "invalid_auth": COPY_TOKEN_ADVICE,
    "missing_scope": "add the missing scope to the app and install it again",
    "not_allowed_token_type": "{which} is a token of the wrong type; copy the right one",
    "not_authed": COPY_TOKEN_ADVICE,
    "org_login_required": MIGRATION_ADVICE,
    "team_access_not_granted": ASK_ADMIN_ADVICE,
    "team_added_to_org": MIGRATION_ADVICE,
    "token_expired": COPY_TOKEN_ADVICE,
    "token_revoked": COPY_TOKEN_ADVICE,
    "two_factor_setup_required": "the person who installed the app must set up two factors",
}
"""Remedies by Slack's error code; the other errors are not about the app."""

CHECK_NETWORK_ADVICE = "check that this machine can reach Slack"

CONNECTION_ERRORS = (aiohttp.ClientError, OSError, TimeoutError, SlackApiError)
"""What a call to Slack raises if Slack refuses it or cannot be reached."""


def advice_for(code: str, which: str) -> str:
    """Return the remedy for an error of Slack; `which` is the setting that has the token."""
    return ADVICE_BY_ERROR.get(code, CHECK_NETWORK_ADVICE).format(which=which)


def describe_failure(error: BaseException) -> str:
    """Return Slack's error code, or why there was no answer of Slack."""
    if isinstance(error, SlackApiError):
        status = getattr(error.response, "status_code", None)
        code = error_code(error) if hasattr(error.response, "get") else ""
        return code if is_error_code(code) else f"HTTP {status or 'error'}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def is_error_code(text: str) -> bool:
    """Return whether a text is an error code of Slack, not a sentence of the SDK."""
    return bool(text) and text.replace("_", "").isalnum()
