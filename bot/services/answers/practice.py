"""Feedback on practice questions, and whether an attempt is passed.

Each question is final once it is answered or skipped: its feedback shows the right answer. A
skipped question counts as not right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.candidate_names import as_shown
from bot.kinds.settings import KindSettings
from bot.quality.gold import is_correct
from bot.services.actors.audit_log import record
from bot.services.answers.campaign_settings import settings_of
from bot.services.reports.answer_labels import label_of
from storage.queries import practice
from storage.queries.answer_submission import AssignmentSnapshot
from storage.queries.assignments import update_assignment
from storage.queries.practice import PracticeAnswer
from storage.queries.shown_tasks import ShownAssignment
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign, Membership

FINALIZED_BY_PRACTICE = "the feedback on the practice question"
"""Value of `finalized_by`: shown as “made final by the feedback on the practice question”."""

EXPLANATION_KEY = "explanation"
"""Key of an item's meta with the explanation of its gold answer."""

ROUNDING = 1e-9
"""Tolerance of the pass mark: 4 of 5 pass 0.8."""

Outcome = Literal["passed", "failed", "retry"]


@dataclass(frozen=True, slots=True)
class PracticeRules:
    """The practice of a campaign: questions of an attempt, pass mark (0 to 1) and attempts."""

    questions: int
    pass_mark: float
    attempts: int

    def is_passed(self, correct: int, answered: int) -> bool:
        """Return whether this many right answers pass an attempt with so many answers."""
        return correct >= self.pass_mark * answered - ROUNDING


@dataclass(frozen=True, slots=True)
class PracticeFeedback:
    """Feedback on one question.

    Attributes:
        number, total: “Practice 2 of 5”.
        is_right: the answer matches the gold answer.
        right_answer: the gold answer in a few words, with candidates as the expert saw them.
        explanation: why, "" if the gold item has no explanation.
        outcome: of the attempt, if this was its last question; “retry” if it failed and another
            one follows.
        correct: right answers of the attempt so far.
    """

    number: int
    total: int
    is_right: bool
    right_answer: str
    explanation: str = ""
    outcome: Outcome | None = None
    correct: int = 0


def rules_of(campaign: Campaign) -> PracticeRules:
    """Return the practice of a campaign."""
    return PracticeRules(
        campaign.practice_questions, campaign.practice_pass_mark, campaign.practice_attempts
    )


def finish_question(
    session: Session,
    snapshot: AssignmentSnapshot,
    now: datetime,
) -> None:
    """Make an answered or skipped practice question final; after the last, pass or fail."""
    update_assignment(session, snapshot.id, finalized_by=FINALIZED_BY_PRACTICE)
    session.flush()
    membership = practice.locked_membership(session, snapshot.campaign_id, snapshot.expert_id)
    if membership is None or membership.qualified_at is not None:
        return
    campaign = session.get_one(Campaign, snapshot.campaign_id)
    answers = _attempt_of(session, snapshot.campaign_id, snapshot.expert_id, snapshot.id)
    _settle(session, campaign, membership, answers, snapshot.slack_id, now)


def settle_attempt(
    session: Session, campaign: Campaign, membership: Membership, slack_id: str, now: datetime
) -> None:
    """Pass or fail the attempt of an expert that has all its questions after the rules changed."""
    answers = practice.answers_of(session, id_of(campaign), membership.expert_id)
    current = [one for one in answers if one.attempt == membership.practice_failures + 1]
    _settle(session, campaign, membership, current, slack_id, now)


def _settle(  # noqa: PLR0913, PLR0917 - an attempt, with whom and what it is about
    session: Session,
    campaign: Campaign,
    membership: Membership,
    answers: Sequence[PracticeAnswer],
    slack_id: str,
    now: datetime,
) -> None:
    """Pass or fail an attempt if it is complete and was not settled before."""
    rules = rules_of(campaign)
    is_last = len(answers) >= rules.questions and all(one.finalized_by for one in answers)
    if not answers or not is_last or membership.practice_failures >= answers[0].attempt:
        return
    kind, settings = _kind_of(campaign)
    correct = sum(_is_right(answer, kind, settings) for answer in answers)
    if rules.is_passed(correct, len(answers)):
        membership.qualified_at = now
    else:
        membership.practice_failures += 1
    session.add(membership)
    action = "passed the practice" if membership.qualified_at else "failed the practice"
    subject = f"campaign {campaign.name}"
    record(session, slack_id, action, subject, now, correct=correct, total=len(answers))


def number_of(
    session: Session, assignment: ShownAssignment, practice_questions: int
) -> tuple[int, int] | None:
    """Return the number of a practice question, from 1, and of all; None if it is a task.

    `practice_questions` is the campaign's number of them; 0: no query.
    """
    if not practice_questions:
        return None
    answers = _attempt_of(session, assignment.campaign_id, assignment.expert_id, assignment.id)
    ids = [answer.assignment_id for answer in answers]
    return (ids.index(assignment.id) + 1, max(practice_questions, len(ids))) if ids else None


def feedback_on(session: Session, assignment: ShownAssignment) -> PracticeFeedback | None:
    """Return the feedback on an answer; None if it is not about a finished practice question."""
    if assignment.finalized_by != FINALIZED_BY_PRACTICE:
        return None
    campaign = session.get_one(Campaign, assignment.campaign_id)
    kind, settings = _kind_of(campaign)
    answers = _attempt_of(session, id_of(campaign), assignment.expert_id, assignment.id)
    rules = rules_of(campaign)
    index = [answer.assignment_id for answer in answers].index(assignment.id)
    answer, so_far = answers[index], answers[: index + 1]
    correct = sum(_is_right(one, kind, settings) for one in so_far)
    return PracticeFeedback(
        number=index + 1,
        total=max(rules.questions, len(answers)),
        is_right=_is_right(answer, kind, settings),
        right_answer=kind.summarize(as_shown(answer.gold, answer.candidate_order), settings),
        explanation=_explanation_of(answer),
        outcome=_outcome_of(rules, answer.attempt, len(so_far), correct),
        correct=correct,
    )


def _kind_of(campaign: Campaign) -> tuple[Kind[Any], KindSettings]:
    kind: Kind[Any] = kind_named(campaign.kind)
    return kind, settings_of(kind, campaign.settings)


def _outcome_of(rules: PracticeRules, attempt: int, answered: int, correct: int) -> Outcome | None:
    if answered < rules.questions:
        return None
    if rules.is_passed(correct, answered):
        return "passed"
    return "retry" if attempt < rules.attempts else "failed"


def _attempt_of(
    session: Session, campaign_id: int, expert_id: int, assignment_id: int
) -> Sequence[PracticeAnswer]:
    """Return the questions of the attempt with this assignment, in order; none if it has none."""
    answers = practice.answers_of(session, campaign_id, expert_id)
    attempts = {answer.attempt for answer in answers if answer.assignment_id == assignment_id}
    return [answer for answer in answers if answer.attempt in attempts]


def _is_right(answer: PracticeAnswer, kind: Kind[Any], settings: KindSettings) -> bool:
    if answer.state == AssignmentState.SKIPPED or answer.value is None:
        return False
    given = label_of(kind, answer.value, answer.candidate_order)
    gold = label_of(kind, answer.gold, sorted(answer.candidate_order))
    return is_correct(given, gold, settings.scales)


def _explanation_of(answer: PracticeAnswer) -> str:
    explanation = answer.meta.get(EXPLANATION_KEY) or answer.gold.get("reason") or ""
    return str(explanation).strip()
