"""Ranking: put several candidate responses in order, blind and shuffled per expert."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase

from pydantic import Field, field_validator

from bot.kinds import rank_notation
from bot.kinds.base import (
    AnswerValue,
    Example,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    Kind,
    ParsedAnswer,
)
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import PAGE_KEY, RESTART, TIE, UNDO, Form, Option, RankingField
from bot.kinds.label import Ranking
from bot.kinds.passages import prompt_passages, response_passage
from bot.kinds.rationale import RATIONALE_KEYS, with_rationale
from bot.kinds.response_criteria import (
    MAX_CRITERIA,
    criterion_fields,
    criterion_ranks,
    parse_criterion_verdicts,
    require_distinct_criteria,
    response_options,
    summarize_criteria,
)
from bot.kinds.settings import Categories, Category, KindSettings, Requirement

RANKS = "ranks"
MIN_CANDIDATES, MAX_CANDIDATES = 3, 10

TIES_HINT = "Give tied responses the same rank."
STRICT_HINT = "Use each rank once."
RESERVED_KEYS = {RANKS, PAGE_KEY, *RATIONALE_KEYS}
"""Keys of an answer that no criterion may have."""

UNKNOWN_RESPONSE = "Choose one of the responses shown"


class RankingSettings(KindSettings):
    """`ties` lets responses share a rank.

    `criteria` ask which response is best on each of them, with one more tap each.
    """

    reason: Requirement = "optional"
    ties: bool = True
    criteria: Categories = Field(default=(), max_length=MAX_CRITERIA)

    @field_validator("criteria")
    @classmethod
    def _require_distinct_criteria(cls, criteria: tuple[Category, ...]) -> tuple[Category, ...]:
        require_distinct_criteria(criteria, RESERVED_KEYS)
        return criteria


def _validate_content(content: Content, settings: RankingSettings) -> None:
    count = len(content.candidates)
    if not MIN_CANDIDATES <= count <= MAX_CANDIDATES:
        raise InvalidContentError(
            reason=f"it needs {MIN_CANDIDATES} to {MAX_CANDIDATES} candidates and has {count}"
        )
    distinct_count = len({candidate.text.strip() for candidate in content.candidates})
    if distinct_count == 1:
        raise InvalidContentError(reason="its candidates are all identical")
    if distinct_count < count and not settings.ties:
        reason = "two of its candidates are identical, and the campaign allows no ties"
        raise InvalidContentError(reason=reason)


def _build_form(content: Content, settings: RankingSettings, order: Order) -> Form:
    shown = list(zip(ascii_lowercase, content.candidates_in_order(order), strict=False))
    return Form(
        question="Rank these responses, best first",
        passages=(
            *prompt_passages(content),
            *(
                response_passage(name, f"Response {name.upper()}", candidate)
                for name, candidate in shown
            ),
        ),
        message_fields=(
            RankingField(
                RANKS,
                "Ranking",
                tuple(Option(name, name.upper()) for name, _candidate in shown),
                allows_ties=settings.ties,
                hint=TIES_HINT if settings.ties else STRICT_HINT,
            ),
            *criterion_fields(settings.criteria, response_options([name for name, _ in shown])),
        ),
    )


def _parse_answer(
    form_input: FormInput, previous: FormInput, settings: RankingSettings, order: Order
) -> ParsedAnswer:
    """Parse the ranks and the verdicts on the criteria, which may come before them."""
    names = ascii_lowercase[: len(order)]
    on_criteria = parse_criterion_verdicts(
        form_input, previous, settings.criteria, response_options(names)
    )
    ranking = str(previous.get(RANKS, ""))
    if RANKS in form_input:
        ranking = _apply_input(form_input[RANKS], ranking, names, ties=settings.ties)
    if not settings.ties and len(rank_notation.ranks_of(ranking)) == len(names) - 1:
        (last_name,) = set(names) - rank_notation.ranks_of(ranking).keys()
        ranking = rank_notation.append_name(ranking, last_name)
    is_ranked = len(rank_notation.ranks_of(ranking)) == len(names)
    value = {RANKS: ranking, **on_criteria} if ranking else on_criteria
    return ParsedAnswer(value, complete=is_ranked and len(on_criteria) == len(settings.criteria))


def _apply_input(answer: object, ranking: str, names: str, *, ties: bool) -> str:
    """Return the ranking after a tap, the ranks of a modal, or a whole ranking as stored."""
    if isinstance(answer, Mapping):
        return _parse_ranks(answer, names, ties=ties)
    if not isinstance(answer, str) or not answer:
        raise InvalidAnswerError(RANKS, UNKNOWN_RESPONSE)
    if answer in names and len(answer) == 1:
        return rank_notation.append_name(ranking, answer)
    results = {UNDO: rank_notation.undo_last(ranking), RESTART: ""}
    results |= {TIE: rank_notation.toggle_tie(ranking)} if ties else {}
    return results[answer] if answer in results else _validate_ranking(answer, names, ties=ties)


def _validate_ranking(ranking: str, names: str, *, ties: bool) -> str:
    groups = rank_notation.tie_groups(ranking)
    ranked = [name for group in groups for name in group]
    canonical = rank_notation.RANK_SEPARATOR.join(
        rank_notation.TIE_SEPARATOR.join(group) for group in groups
    )
    canonical += rank_notation.TIE_SEPARATOR if rank_notation.has_open_tie(ranking) else ""
    is_valid = (
        len(set(ranked)) == len(ranked) and set(ranked) <= set(names) and canonical == ranking
    )
    if not is_valid or (rank_notation.TIE_SEPARATOR in ranking and not ties):
        raise InvalidAnswerError(RANKS, UNKNOWN_RESPONSE)
    return ranking


def _parse_ranks(answer: Mapping[str, object], names: str, *, ties: bool) -> str:
    """Return the ranking with the ranks chosen in a modal.

    Raises:
        InvalidAnswerError: a rank is missing, or used twice although ties are not allowed.
    """
    ranks: dict[str, int] = {}
    for name in names:
        rank = str(answer.get(name) or "")
        if rank not in {str(number) for number in range(1, len(names) + 1)}:
            raise InvalidAnswerError(RANKS, f"Choose a rank for {name.upper()}", option=name)
        if not ties and int(rank) in ranks.values():
            holder = next(other for other, own_rank in ranks.items() if own_rank == int(rank))
            reason = f"{holder.upper()} already has rank {rank}; use each rank once"
            raise InvalidAnswerError(RANKS, reason, option=name)
        ranks[name] = int(rank)
    return rank_notation.format_ranks(ranks)


def _summarize(value: AnswerValue, settings: RankingSettings) -> str:
    groups = rank_notation.tie_groups(str(value.get(RANKS, "")))
    on_criteria = summarize_criteria(value, settings.criteria)
    ranking = ", then ".join(
        " and ".join(group).upper().replace(" AND ", " and ") for group in groups
    )
    return f"{ranking} ({on_criteria})" if on_criteria else ranking


def _to_label(content: Content, value: AnswerValue, order: Order) -> Ranking:
    ranks = rank_notation.ranks_of(str(value[RANKS]))
    on_criteria = {key: answer for key, answer in value.items() if key != RANKS}
    rank_by_position = {
        position: ranks[name] for name, position in zip(ascii_lowercase, order, strict=False)
    }
    return Ranking(
        prompt=content.prompt,
        candidates=content.candidates,
        ranks=tuple(rank_by_position[position] for position in range(len(content.candidates))),
        criteria=tuple(criterion_ranks(on_criteria, ascii_lowercase, order)),
    )


_CANDIDATES = (
    Candidate("It is cold.", "wren-mini"),
    Candidate("Water turns solid at 0 °C, at sea level.", "heron-7b"),
    Candidate("Ice is water that is cold.", "dunlin-chat"),
)

_EXAMPLE = Example(
    content=Content(
        prompt=(ConversationTurn("user", "When does water freeze?"),), candidates=_CANDIDATES
    ),
    settings=RankingSettings(),
    inputs=({RANKS: "b"}, {RANKS: "a"}, {RANKS: TIE}, {RANKS: "c"}),
    order=(2, 1, 0),
    label=Ranking(
        prompt=(ConversationTurn("user", "When does water freeze?"),),
        candidates=_CANDIDATES,
        ranks=(2, 1, 2),
    ),
)

RANKING = with_rationale(
    Kind(
        name="ranking",
        task_phrase="put several responses in order, best first",
        settings=RankingSettings,
        validate_content=_validate_content,
        validates_texts=False,
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=_to_label,
        example=_EXAMPLE,
    )
)
