"""Erasure of a person: the answers stay under the pseudonym, everything else about them goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from bot.services.actors.actor import Actor
from bot.services.people.personal_data import Person, UnknownPersonError
from bot.services.reviews import corrections
from storage.pseudonyms import PERSON_PREFIX, new_pseudonym
from storage.queries import campaigns, identifiers, imported_answers, people
from storage.queries.people import DeletedTexts
from storage.row_id import id_of
from storage.tables import Expert


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a person.

    Attributes:
        pseudonym: what stands for them from now on.
        unassigned: number of open tasks that go to other experts.
        messages, questions, flags: numbers of deleted or emptied texts.
        renamed: number of rows that named them and have the pseudonym now.
    """

    pseudonym: str
    unassigned: int
    messages: int
    questions: int
    flags: int
    renamed: int


def erase_person(session: Session, person: Person, actor: Actor) -> Erasure:
    """Erase a person: Slack id, name, address, profile, messages and roles.

    Their answers stay under the pseudonym, so that exports do not change. Open tasks go to other
    experts. If the person is invited again, they are a new expert with a new pseudonym.

    Raises:
        UnknownPersonError: nothing is stored about them.
    """
    expert, names = person.expert, person.identifiers
    if expert is None and not identifiers.count_mentions(session, names.ids):
        raise UnknownPersonError(person=min(names.ids))
    pseudonym = expert.pseudonym if expert else new_pseudonym(PERSON_PREFIX)
    unassigned = _release_tasks(session, expert, actor) if expert else 0
    deleted = people.delete_texts(session, person.expert_id, names.ids)
    people.delete_call_logs(session, names.ids)
    for slack_id in names.ids:
        people.delete_roles(session, slack_id)
    if expert:
        people.leave_campaigns(session, id_of(expert), actor.at)
        people.delete_profile(session, id_of(expert), _slack_id_after(expert))
    renamed = identifiers.replace_identifiers(session, names, pseudonym)
    _record(session, pseudonym, deleted, unassigned, actor)
    return Erasure(
        pseudonym, unassigned, deleted.messages, deleted.questions, deleted.flags, renamed
    )


def count_mentions(session: Session, ids: Collection[str]) -> dict[str, int]:
    """Return how many rows, by table, contain one of the ids or addresses of a person.

    After the erasure, these are answers and imported content, which exports copy. The count reads
    every row, so it is not part of the erasure: answers would wait for it.
    """
    return identifiers.count_mentions(session, ids)


def _release_tasks(session: Session, expert: Expert, actor: Actor) -> int:
    return sum(
        len(corrections.release_open(session, campaign, expert, actor))
        for campaign in campaigns.list_campaigns(session)
    )


def _slack_id_after(expert: Expert) -> str:
    """Return what stands in place of the Slack id; that of an imported name keeps its campaign."""
    if expert.is_external:
        return imported_answers.renamed_external_id(expert.slack_id, expert.pseudonym)
    return expert.pseudonym


def _record(
    session: Session, pseudonym: str, deleted: DeletedTexts, unassigned: int, actor: Actor
) -> None:
    actor.record(
        session,
        "erased a person",
        f"expert {pseudonym}",
        message_count=deleted.messages,
        question_count=deleted.questions,
        flag_count=deleted.flags,
        task_count=unassigned,
    )
