"""Appeals: an expert disputes the verdict on a gold question, and a coordinator decides.

A verdict is shown only together with the gold answer, so the answer is final from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.candidate_names import as_shown, in_imported_order
from bot.kinds.confirmation import summarize_answer
from bot.messages.quality import AppealMessage
from bot.messages.texts import TextMessage
from bot.quality.gold import is_correct
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers.campaign_settings import settings_of
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.items.references import reference_of
from bot.services.reports import agreement
from bot.services.reports.answer_labels import label_of
from storage.queries import agreement_reports, appeals, outbox
from storage.queries.appeals import GoldAnswer
from storage.row_id import id_of
from storage.tables import GoldAppeal

FINALIZED_BY_GOLD = "the check against its gold answer"
"""Value of `finalized_by`: shown as “made final by the check against its gold answer”."""

MAX_SHOWN_VERDICTS = 5
"""Wrong answers to gold questions that are shown at once."""

MAX_ANSWERS_AT_ONCE = 1_000
"""Up to this many answers, all figures are computed in the transaction of the decision."""

AppealState = Literal["none", "open", "upheld", "rejected"]


class NothingToAppealError(BotError):
    """There is nothing to appeal: this answer is not counted as wrong. Type /label quality."""


class AlreadyAppealedError(BotError):
    """You appealed this verdict already. Type /label quality to see whether it was decided."""


class UnknownAppealError(BotError):
    """This appeal no longer exists, or its answer no longer counts."""


class AppealDecidedError(BotError):
    """This appeal was already {outcome}. There is nothing left to do."""


class OwnAppealError(BotError):
    """You gave this answer yourself. Another coordinator has to decide the appeal."""


class NoReasonError(BotError):
    """The reason is empty. Tell the expert why the gold answer is right."""


@dataclass(frozen=True, slots=True)
class GoldVerdict:
    """A wrong answer to a gold question; candidates are named as the expert saw them.

    Attributes:
        assignment_id: the expert's assignment.
        campaign: title of the campaign.
        item_key: key of the item.
        answer: the expert's answer in a few words.
        gold: the gold answer in a few words.
        appeal: state of the expert's appeal.
        resolution: why a coordinator rejected the appeal; None otherwise.
    """

    assignment_id: int
    campaign: str
    item_key: str
    answer: str
    gold: str
    appeal: AppealState = "none"
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class AppealCase:
    """An appeal as coordinators see it."""

    id: int
    expert_name: str
    verdict: GoldVerdict


def show_wrong_answers(session: Session, expert_id: int) -> list[GoldVerdict]:
    """Return the newest wrong answers to gold questions of an expert, and make them final."""
    answers = appeals.gold_answers_of(session, expert_id)
    wrong = [answer for answer in answers if _is_wrong(answer)][:MAX_SHOWN_VERDICTS]
    ids = [id_of(answer.assignment) for answer in wrong]
    appeals.finalize_answers(session, ids, FINALIZED_BY_GOLD)
    known = appeals.appeals_of(session, ids)
    return [_verdict_of(answer, known.get(id_of(answer.assignment))) for answer in wrong]


def _is_wrong(answer: GoldAnswer) -> bool:
    kind = kind_named(answer.campaign.kind)
    scales = settings_of(kind, answer.campaign.settings).scales
    order = answer.assignment.candidate_order
    given = label_of(kind, answer.assignment.value or {}, order)
    gold = label_of(kind, answer.item.gold or {}, sorted(order))
    return not is_correct(given, gold, scales)


def _verdict_of(answer: GoldAnswer, appeal: GoldAppeal | None) -> GoldVerdict:
    gold = answer.item.gold or {}
    if appeal is not None and appeal.gold_before is not None:
        gold = appeal.gold_before
    return GoldVerdict(
        assignment_id=id_of(answer.assignment),
        campaign=answer.campaign.title,
        item_key=answer.item.key,
        answer=_summarize(answer, answer.assignment.value or {}),
        gold=_summarize(answer, as_shown(gold, answer.assignment.candidate_order)),
        appeal=_state_of(appeal),
        resolution=appeal.resolution if appeal else None,
    )


def _summarize(answer: GoldAnswer, value: Mapping[str, Any]) -> str:
    kind = kind_named(answer.campaign.kind)
    return summarize_answer(kind, dict(value), settings_of(kind, answer.campaign.settings))


def _state_of(appeal: GoldAppeal | None) -> AppealState:
    if appeal is None:
        return "none"
    if appeal.is_upheld is None:
        return "open"
    return "upheld" if appeal.is_upheld else "rejected"


def submit_appeal(
    session: Session, assignment_id: int, interaction: Interaction, coordinators: Collection[str]
) -> None:
    """Ask the coordinators to check a gold answer.

    Raises:
        NothingToAppealError: it is not a wrong answer of this person to a gold question.
        AlreadyAppealedError: the person appealed before.
    """
    answer = appeals.gold_answer_by_id(session, assignment_id)
    if answer is None or answer.expert.slack_id != interaction.slack_id or not _is_wrong(answer):
        raise NothingToAppealError
    if appeals.appeals_of(session, [assignment_id]):
        raise AlreadyAppealedError
    appeals.finalize_answers(session, [assignment_id], FINALIZED_BY_GOLD)
    appeal = GoldAppeal(assignment_id=assignment_id, appealed_at=interaction.at)
    session.add(appeal)
    session.flush()
    record(
        session,
        interaction.slack_id,
        "appealed a gold verdict",
        f"assignment {assignment_id}",
        interaction.at,
        appeal_id=appeal.id,
    )
    text = "Thank you. The coordinators will check the gold answer, and you get their decision."
    reply = TextMessage(text, is_reply=True)
    outbox.enqueue(session, reply, recipient=interaction.slack_id, now=interaction.at)
    notify_coordinators(
        session,
        AppealMessage(id_of(appeal)),
        campaign_id=id_of(answer.campaign),
        coordinators=coordinators,
        now=interaction.at,
    )


def find_appeal(session: Session, appeal_id: int) -> AppealCase | None:
    """Return an appeal, None if there is none or its answer no longer counts."""
    appeal = session.get(GoldAppeal, appeal_id)
    answer = appeals.gold_answer_by_id(session, appeal.assignment_id) if appeal else None
    if appeal is None or answer is None:
        return None
    name = answer.expert.name or answer.expert.pseudonym
    return AppealCase(appeal_id, name, _verdict_of(answer, appeal))


def uphold_appeal(session: Session, appeal_id: int, actor: Actor) -> None:
    """Make the expert's answer the gold answer, and correct the scores of everybody at once.

    Raises:
        UnknownAppealError, AppealDecidedError, OwnAppealError: nothing is changed.
    """
    appeal, answer = _require_open(session, appeal_id, actor)
    item = appeals.locked_item(session, id_of(answer.item))
    before = item.gold or {}
    corrected = in_imported_order(answer.assignment.value or {}, answer.assignment.candidate_order)
    appeal.gold_before = before
    item.gold = {key: corrected[key] for key in before if key in corrected} or corrected
    session.add(item)
    _decide(session, appeal, "", actor, is_upheld=True)
    _correct_scores(session, id_of(answer.campaign), actor)
    text = (
        f"Your appeal about task {_reference(answer)} in “{answer.campaign.title}” was upheld. "
        "Your answer is now the gold answer, and all scores are corrected. Thank you for checking."
    )
    _notify_expert(session, answer, text, actor)


def reject_appeal(session: Session, appeal_id: int, reason: str, actor: Actor) -> None:
    """Keep the gold answer, and give the expert the reason.

    Raises:
        NoReasonError: the reason is empty.
        UnknownAppealError, AppealDecidedError, OwnAppealError: nothing is changed.
    """
    reason = reason.strip()
    if not reason:
        raise NoReasonError
    appeal, answer = _require_open(session, appeal_id, actor)
    _decide(session, appeal, reason, actor, is_upheld=False)
    text = (
        f"Your appeal about task {_reference(answer)} in “{answer.campaign.title}” was rejected: "
        f"{reason}"
    )
    _notify_expert(session, answer, text, actor)


def _reference(answer: GoldAnswer) -> str:
    return reference_of(id_of(answer.assignment))


def _require_open(session: Session, appeal_id: int, actor: Actor) -> tuple[GoldAppeal, GoldAnswer]:
    appeal = appeals.locked_appeal(session, appeal_id)
    answer = appeals.gold_answer_by_id(session, appeal.assignment_id) if appeal else None
    if appeal is None or answer is None:
        raise UnknownAppealError
    if appeal.is_upheld is not None:
        raise AppealDecidedError(outcome=_state_of(appeal))
    if answer.expert.slack_id == actor.name:
        raise OwnAppealError
    return appeal, answer


def _decide(
    session: Session, appeal: GoldAppeal, reason: str, actor: Actor, *, is_upheld: bool
) -> None:
    appeal.is_upheld, appeal.resolution = is_upheld, reason or None
    appeal.resolved_by, appeal.resolved_at = actor.name, actor.at
    session.add(appeal)
    session.flush()
    action = "upheld an appeal" if is_upheld else "rejected an appeal"
    details = {"appeal_id": appeal.id, "gold_before": appeal.gold_before, "reason": reason}
    actor.record(session, action, f"assignment {appeal.assignment_id}", **details)


def _correct_scores(session: Session, campaign_id: int, actor: Actor) -> None:
    """Compute the figures again; those of a large campaign are removed and soon computed.

    Either way, nobody sees a score by the old gold answer after this transaction.
    """
    if agreement.can_compute_inline(session, campaign_id, MAX_ANSWERS_AT_ONCE):
        figures = agreement.compute_figures(session, campaign_id)
        agreement.store_figures(session, campaign_id, figures, actor.at)
    else:
        agreement_reports.remove(session, campaign_id)


def _notify_expert(session: Session, answer: GoldAnswer, text: str, actor: Actor) -> None:
    message = TextMessage(text, reason="a coordinator decided an appeal")
    outbox.enqueue(session, message, recipient=answer.expert.slack_id, now=actor.at)
