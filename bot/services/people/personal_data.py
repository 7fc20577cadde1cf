"""What is stored about a person, found by Slack id or pseudonym."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services.campaigns.validation import SLACK_ID_PATTERN
from storage.pseudonyms import is_pseudonym
from storage.queries import experts, identifiers, people
from storage.queries.identifiers import Identifiers
from storage.row_id import id_of
from storage.tables import Expert

ADDRESS_PATTERN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

SECRET_COLUMNS = {
    "assignment": ("selection_reason",),
    "candidate": ("model",),
    "item": ("gold",),
    "task": ("is_gold", "practice_attempt"),
    "webhook": ("secret",),
}
"""Columns by table that nobody must read: they tell models and gold questions, or sign events."""


class UnknownPersonError(BotError):
    """Nothing is stored about “{person}”. Check the Slack id; case matters."""


class NotAPersonError(BotError):
    """“{person}” is no Slack id of a person, such as U0123ABCD, and no pseudonym."""


class BadAddressError(BotError):
    """“{address}” is no e-mail address, such as ada@example.com."""


class ErasedPersonError(BotError):
    """“{person}” is erased already; only answers under this pseudonym are left."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody about whom something is stored. `expert` is None if they never labeled.

    `identifiers` is everything that identifies them in the database.
    """

    expert: Expert | None
    identifiers: Identifiers

    @property
    def expert_id(self) -> int | None:
        """Return the id of the expert, None if they never labeled."""
        return None if self.expert is None else id_of(self.expert)


def find_person(session: Session, reference: str, addresses: Iterable[str] = ()) -> Person:
    """Return the person with this Slack id or pseudonym; `addresses` are theirs, if known.

    Other words are refused: they may be anywhere in the database, and be replaced by an erasure.

    Raises:
        ErasedPersonError: the person was erased.
        NotAPersonError, BadAddressError: the reference or an address identifies nobody.
    """
    addresses = list(addresses)
    for address in addresses:
        if not ADDRESS_PATTERN.fullmatch(address):
            raise BadAddressError(address=address)
    expert = _find_expert(session, reference)
    slack_id = expert.slack_id if expert else reference
    if is_pseudonym(slack_id):
        raise (ErasedPersonError if expert else UnknownPersonError)(person=reference)
    if expert is None and not SLACK_ID_PATTERN.fullmatch(reference):
        raise NotAPersonError(person=reference)
    ids = {slack_id, *addresses}
    if expert:
        ids |= {expert.channel or "", *people.conversations_of(session, id_of(expert))} - {""}
    return Person(expert, Identifiers(frozenset(ids), expert.name if expert else ""))


def _find_expert(session: Session, reference: str) -> Expert | None:
    if is_pseudonym(reference):
        return experts.expert_by_pseudonym(session, reference)
    return experts.expert_by_slack_id(session, reference)


def export_person(session: Session, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return all rows about a person by table, without what an expert must not read.

    Raises:
        UnknownPersonError: there are none.
    """
    found = identifiers.rows_about(session, person.expert_id, person.identifiers)
    if not found:
        raise UnknownPersonError(person=min(person.identifiers.ids))
    return {str(table): [_readable(table, row) for row in rows] for table, rows in found.items()}


def _readable(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON: without secret columns, and with bytes in Base64."""
    secret = SECRET_COLUMNS.get(table, ())
    return {
        str(name): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in row.items()
        if name not in secret
    }
