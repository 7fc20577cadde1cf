"""Imported answers, which nobody can change: their experts are not in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.errors import BotError
from storage.queries.imported_answers import imported_among
from storage.row_id import id_of
from storage.tables import Assignment


class ImportedAnswerError(BotError):
    """This answer was imported from a file, so nobody can change it. Decide the item instead."""


def require_not_imported(session: Session, answers: Sequence[Assignment]) -> list[Assignment]:
    """Return the answers that were not imported.

    Raises:
        ImportedAnswerError: all of them were imported.
    """
    imported = imported_among(session, [id_of(answer) for answer in answers])
    if imported and len(imported) == len(answers):
        raise ImportedAnswerError
    return [answer for answer in answers if answer.id not in imported]
