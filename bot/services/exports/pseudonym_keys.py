"""Keys of pseudonyms that reach no further than a campaign or an export.

They are derived from one random key per workspace, which is stored in the database and leaves it
never. So an export that is replayed has the same pseudonyms.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from sqlmodel import Session

from bot.exports.export_choices import Pseudonyms
from bot.exports.pseudonyms import NO_PSEUDONYMS, Pseudonymizer
from bot.services.answers.labels import REVIEWER_PSEUDONYM
from storage.queries import workspace_settings

SETTING = "pseudonym_key"

KEY_BYTES = 32


def ensure_key(session: Session, now: datetime) -> None:
    """Create the key of the workspace if it has none."""
    value = {"value": secrets.token_hex(KEY_BYTES)}
    workspace_settings.add_missing(session, SETTING, value, changed_by="labelbot", now=now)


def pseudonymizer_of(
    session: Session, scope: Pseudonyms, campaign_id: int, run_id: int
) -> Pseudonymizer:
    """Return what names the experts of an export; `ensure_key` has run before."""
    if scope is Pseudonyms.WORKSPACE:
        return NO_PSEUDONYMS
    stored = workspace_settings.stored_values(session, [SETTING])[SETTING]["value"]
    subject = f"campaign {campaign_id}" if scope is Pseudonyms.CAMPAIGN else f"export {run_id}"
    key = hmac.digest(bytes.fromhex(stored), subject.encode(), "sha256")
    return Pseudonymizer(key, frozenset({REVIEWER_PSEUDONYM}))
