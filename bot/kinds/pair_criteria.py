"""Criteria of a comparison: which of two responses is better on each, beside the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError
from bot.kinds.content import Order
from bot.kinds.form import ChoiceField, Option
from bot.kinds.label import CriterionWinner
from bot.kinds.settings import Category

MAX_CRITERIA = 5
"""Each criterion takes a tap and two blocks of the message."""

CRITERION_OPTIONS = (Option("a", "A"), Option("tie", "Tie"), Option("b", "B"))
"""Three options however fine the verdict is: a criterion costs one short look and one tap."""

_NAME_BY_OPTION = {"a": "A", "tie": "tie", "b": "B"}


def criterion_fields(criteria: Sequence[Category]) -> tuple[ChoiceField, ...]:
    """Return the field of each criterion."""
    return tuple(
        ChoiceField(criterion.key, criterion.label, CRITERION_OPTIONS, shows_label=True)
        for criterion in criteria
    )


def parse_criterion_verdicts(
    form_input: FormInput, previous: FormInput, criteria: Sequence[Category]
) -> AnswerValue:
    """Return the option chosen on each criterion; criteria without an answer are missing.

    Raises:
        InvalidAnswerError: an answer is none of the options.
    """
    value: AnswerValue = {}
    for criterion in criteria:
        chosen = form_input.get(criterion.key, previous.get(criterion.key))
        if chosen is None:
            continue
        if chosen not in [option.value for option in CRITERION_OPTIONS]:
            reason = f"Choose A, B or a tie for {criterion.label}"
            raise InvalidAnswerError(criterion.key, reason)
        value[criterion.key] = chosen
    return value


def summarize_criteria(value: Mapping[str, object], criteria: Sequence[Category]) -> str:
    """Return the verdicts in one line: “Correctness A, Helpfulness tie”."""
    return ", ".join(
        f"{criterion.label} {_NAME_BY_OPTION[str(value[criterion.key])]}"
        for criterion in criteria
        if criterion.key in value
    )


def criterion_winners(
    verdicts: Mapping[str, object], order: Order
) -> Iterator[tuple[str, CriterionWinner]]:
    """Yield the key of each criterion and the better response, in imported order."""
    for key, option in verdicts.items():
        if option == "tie":
            yield key, "tie"
        else:
            yield key, "right" if order["ab".index(str(option))] else "left"
