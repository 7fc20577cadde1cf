"""Items and answers as fields and questions, as annotation tools have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from bot.exports.formats.format import ChatMessage, prompt_messages, response_messages
from bot.exports.formats.messages import SEVERAL_MESSAGES, reason_against
from bot.exports.label_record import LabelRecord
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict

QuestionType = Literal["choice", "number", "text"]

FieldValue: TypeAlias = str | list[ChatMessage]
"""What people see: a text, or the messages of the prompt."""

PROMPT = "prompt"

CHOICES: dict[str, tuple[str, ...]] = {
    "winner": ("response_1", "response_2", "tie", "both_bad"),
    "strength": tuple(str(points) for points in range(-3, 4)),
    "verdict": ("good", "bad", "corrected"),
}
"""Values of the questions with choices."""

SIDES = {"left": "response_1", "right": "response_2"}


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """An answer to one question."""

    name: str
    type: QuestionType
    value: str | float


def fields_of(label: Label) -> dict[str, FieldValue]:
    """Return what an item shows, by name; an item without a prompt has no field for it."""
    prompt: dict[str, FieldValue] = {PROMPT: prompt_messages(label.prompt)} if label.prompt else {}
    draft = {"draft": label.draft} if isinstance(label, Demonstration) and label.draft else {}
    return {**prompt, **draft, **{name: one.text for name, one in candidates_of(label).items()}}


def candidates_of(label: Label) -> dict[str, Candidate]:
    """Return the responses of an item, by the name of their field."""
    match label:
        case Demonstration():
            return {}
        case Preference():
            return _by_number((label.left, label.right))
        case Ranking():
            return _by_number(label.candidates)
        case Rating() | Verdict():
            return {"response": label.candidate}
    assert_never(label)


def _by_number(candidates: Sequence[Candidate]) -> dict[str, Candidate]:
    return {f"response_{number}": one for number, one in enumerate(candidates, start=1)}


def answers_of(record: LabelRecord) -> list[QuestionAnswer]:
    """Return the answers of an expert to the questions of the kind, then the reason if given."""
    reason = record.rationale.reason
    return [*_label_answers(record.label), *([_text("reason", reason)] if reason else [])]


def _label_answers(label: Label) -> list[QuestionAnswer]:
    match label:
        case Demonstration():
            return [_text("response", label.response)]
        case Preference():
            return _preference_answers(label)
        case Rating():
            return [QuestionAnswer(key, "number", score) for key, score in label.scores]
        case Ranking():
            return [
                QuestionAnswer(f"rank_{number}", "number", rank)
                for number, rank in enumerate(label.ranks, start=1)
            ]
        case Verdict():
            corrected = [_text("corrected", label.corrected_text)] if label.corrected_text else []
            return [_choice("verdict", label.verdict), *corrected]
    assert_never(label)


def _preference_answers(label: Preference) -> list[QuestionAnswer]:
    strength = [] if label.strength is None else [_choice("strength", str(label.strength))]
    better = [_text("better_response", label.better_response)] if label.better_response else []
    return [_choice("winner", SIDES.get(label.winner, label.winner)), *strength, *better]


def _choice(name: str, value: str) -> QuestionAnswer:
    return QuestionAnswer(name, "choice", value)


def _text(name: str, value: str) -> QuestionAnswer:
    return QuestionAnswer(name, "text", value)


def reason_not_shown(label: Label) -> str:
    """Return why the fields of a tool cannot have all of an item; empty: they can."""
    responses = [response_messages(one) for one in candidates_of(label).values()]
    if any(len(messages) > 1 for messages in responses):
        return SEVERAL_MESSAGES
    messages = [*prompt_messages(label.prompt), *(one for group in responses for one in group)]
    return reason_against(messages)
