"""The order of roles that chat templates accept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.kinds.content import ConversationTurn

INSTRUCTION_ROLES = ("system", "developer")


def role_order_flaw(turns: Sequence[ConversationTurn]) -> str | None:
    """Return what most chat templates refuse about the roles of a conversation, None if nothing.

    They accept a system message at the start, then a user message, then assistant and user
    messages in turn. Tool messages follow an assistant message and precede the next one.
    """
    roles = [turn.role for turn in turns]
    if roles and roles[0] in INSTRUCTION_ROLES:
        roles = roles[1:]
    if any(role in INSTRUCTION_ROLES for role in roles):
        return "has a system message after its start"
    if roles and roles[0] != "user":
        return f"starts with {_article(roles[0])} message"
    for first, second in pairwise(roles):
        if first == second and first != "tool":
            return f"has two {first} messages in a row"
        if second == "tool" and first == "user":
            return "has a tool message right after a user message"
        if first == "tool" and second == "user":
            return "has a user message right after a tool message"
    return None


def _article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
