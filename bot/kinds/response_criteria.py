"""Criteria of a comparison or ranking: for each, the response that is best on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError
from bot.kinds.content import Order
from bot.kinds.form import ChoiceField, Option
from bot.kinds.label import CriterionWinner
from bot.kinds.settings import Category

MAX_CRITERIA = 5
"""Each criterion takes a tap and two to four blocks of the message."""

TIED = "tie"
"""The verdict that no response is better than all others on a criterion."""

PAIR_OPTIONS = (Option("a", "A"), Option(TIED, "Tie"), Option("b", "B"))
"""Three options however fine the verdict is: a criterion costs one short look and one tap."""


def require_distinct_criteria(criteria: Sequence[Category], reserved: Collection[str]) -> None:
    """Check the criteria of a campaign.

    Args:
        criteria: the criteria.
        reserved: keys of an answer that no criterion may have.

    Raises:
        ValueError: two have the same name, or one has a reserved key.
    """
    keys = {criterion.key for criterion in criteria}
    labels = {criterion.label.casefold() for criterion in criteria}
    if min(len(keys), len(labels)) < len(criteria):
        message = "two criteria have the same name"
        raise ValueError(message)
    if used := keys & {*reserved}:
        message = f"a criterion cannot have the key {' or '.join(sorted(used))}"
        raise ValueError(message)


def response_options(names: Sequence[str]) -> tuple[Option, ...]:
    """Return the options of a criterion for responses with these names, best or tied."""
    return (*(Option(name, name.upper()) for name in names), Option(TIED, "Tie"))


def criterion_fields(
    criteria: Sequence[Category], options: tuple[Option, ...] = PAIR_OPTIONS
) -> tuple[ChoiceField, ...]:
    """Return the field of each criterion."""
    return tuple(
        ChoiceField(criterion.key, criterion.label, options, shows_label=True)
        for criterion in criteria
    )


def parse_criterion_verdicts(
    form_input: FormInput,
    previous: FormInput,
    criteria: Sequence[Category],
    options: Sequence[Option] = PAIR_OPTIONS,
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
        if chosen not in [option.value for option in options]:
            names = ", ".join(option.label for option in options if option.value != TIED)
            reason = f"Choose {names} or a tie for {criterion.label}"
            raise InvalidAnswerError(criterion.key, reason)
        value[criterion.key] = chosen
    return value


def summarize_criteria(value: Mapping[str, object], criteria: Sequence[Category]) -> str:
    """Return the verdicts in one line: “Correctness A, Helpfulness tie”."""
    return ", ".join(
        f"{criterion.label} {_name_of(str(value[criterion.key]))}"
        for criterion in criteria
        if criterion.key in value
    )


def _name_of(option: str) -> str:
    return option if option == TIED else option.upper()


def criterion_winners(
    verdicts: Mapping[str, object], order: Order
) -> Iterator[tuple[str, CriterionWinner]]:
    """Yield the key of each criterion and the better of two responses, in imported order."""
    for key, option in verdicts.items():
        if option == TIED:
            yield key, "tie"
        else:
            yield key, "right" if order["ab".index(str(option))] else "left"


def criterion_ranks(
    verdicts: Mapping[str, object], names: Sequence[str], order: Order
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the key of each criterion and the rank of each response on it, in imported order.

    The best response has rank 1 and the others share rank 2. If there is a tie, all have rank 1.
    """
    for key, option in verdicts.items():
        best = None if option == TIED else order[names.index(str(option))]
        yield key, tuple(1 if best in (None, place) else 2 for place in range(len(order)))
