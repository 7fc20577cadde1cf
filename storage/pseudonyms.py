"""Pseudonyms of people: what stands for them in exports, and everywhere once they are erased."""

from __future__ import annotations

import re
import secrets

EXPERT_PREFIX, IMPORTED_PREFIX, PERSON_PREFIX = "expert", "imported", "person"
"""What a pseudonym begins with: for members, for names in imported files, and for others."""

_PSEUDONYM = re.compile(rf"(?:{EXPERT_PREFIX}|{IMPORTED_PREFIX}|{PERSON_PREFIX})-[0-9a-f]{{8}}")


def new_pseudonym(prefix: str) -> str:
    """Return a random pseudonym; another person may have it already."""
    return f"{prefix}-{secrets.token_hex(4)}"


def is_pseudonym(name: str) -> bool:
    """Return whether a name is a pseudonym, which is never the Slack id of a person or channel."""
    return _PSEUDONYM.fullmatch(name) is not None
