"""Ranking: several candidate responses, best to worst, blind and shuffled for each expert."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase

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
from bot.kinds.form import RESTART, TIE, UNDO, Form, Option, RankingField
from bot.kinds.label import Ranking
from bot.kinds.passages import prompt_passages, response_passage
from bot.kinds.rationale import with_rationale
from bot.kinds.settings import KindSettings, Requirement

RANKS = "ranks"
MIN_CANDIDATES, MAX_CANDIDATES = 3, 10

CHOOSE_A_RESPONSE = "Please choose one of the responses on the task"


class RankingSettings(KindSettings):
    """`ties`: two responses may share a rank."""

    reason: Requirement = "optional"
    ties: bool = True


def _validate_content(content: Content, settings: RankingSettings) -> None:
    count = len(content.candidates)
    if not MIN_CANDIDATES <= count <= MAX_CANDIDATES:
        raise InvalidContentError(
            reason=f"it needs {MIN_CANDIDATES} to {MAX_CANDIDATES} candidates and has {count}"
        )
    distinct = len({candidate.text.strip() for candidate in content.candidates})
    if distinct == 1:
        raise InvalidContentError(reason="its candidates are all identical")
    if distinct < count and not settings.ties:
        raise InvalidContentError(reason="two of its candidates are identical, and it has no ties")


def _build_form(content: Content, settings: RankingSettings, order: Order) -> Form:
    shown = list(zip(ascii_lowercase, content.candidates_in_order(order), strict=False))
    return Form(
        question="Rank these responses, best first",
        passages=(
            *prompt_passages(content),
            *(response_passage(name, f"Response {name.upper()}", one) for name, one in shown),
        ),
        message_fields=(
            RankingField(
                RANKS,
                "Ranking",
                tuple(Option(name, name.upper()) for name, _one in shown),
                allows_ties=settings.ties,
                hint="The same rank twice is a tie." if settings.ties else "Each rank once.",
            ),
        ),
    )


def _parse_answer(
    given: FormInput, before: FormInput, settings: RankingSettings, order: Order
) -> ParsedAnswer:
    names = ascii_lowercase[: len(order)]
    line = str(before.get(RANKS, ""))
    if RANKS in given:
        line = _apply_input(given[RANKS], line, names, ties=settings.ties)
    if not settings.ties and len(rank_notation.ranks_of(line)) == len(names) - 1:
        (last,) = set(names) - rank_notation.ranks_of(line).keys()
        line = rank_notation.append_name(line, last)
    is_complete = len(rank_notation.ranks_of(line)) == len(names)
    return ParsedAnswer({RANKS: line} if line else {}, complete=is_complete)


def _apply_input(answer: object, line: str, names: str, *, ties: bool) -> str:
    """Return the line after a tap, a window with a rank for each, or a line as it is kept."""
    if isinstance(answer, Mapping):
        return _parse_ranks(answer, names, ties=ties)
    if not isinstance(answer, str) or not answer:
        raise InvalidAnswerError(RANKS, CHOOSE_A_RESPONSE)
    if answer in names and len(answer) == 1:
        return rank_notation.append_name(line, answer)
    lines = {UNDO: rank_notation.undo_last(line), RESTART: ""}
    lines |= {TIE: rank_notation.toggle_tie(line)} if ties else {}
    return lines[answer] if answer in lines else _validate_line(answer, names, ties=ties)


def _validate_line(line: str, names: str, *, ties: bool) -> str:
    groups = rank_notation.tie_groups(line)
    found = [name for group in groups for name in group]
    canonical = rank_notation.RANK_SEPARATOR.join(
        rank_notation.TIE_SEPARATOR.join(group) for group in groups
    )
    canonical += rank_notation.TIE_SEPARATOR if rank_notation.has_open_tie(line) else ""
    is_valid = len(set(found)) == len(found) and set(found) <= set(names) and canonical == line
    if not is_valid or (rank_notation.TIE_SEPARATOR in line and not ties):
        raise InvalidAnswerError(RANKS, CHOOSE_A_RESPONSE)
    return line


def _parse_ranks(answer: Mapping[str, object], names: str, *, ties: bool) -> str:
    """Return the line that the ranks in a window make.

    Raises:
        WrongAnswerError: a rank is missing, or given twice where there are no ties.
    """
    ranks: dict[str, int] = {}
    for name in names:
        rank = str(answer.get(name) or "")
        if rank not in {str(place) for place in range(1, len(names) + 1)}:
            raise InvalidAnswerError(RANKS, f"Please give {name.upper()} a rank", option=name)
        if not ties and int(rank) in ranks.values():
            holder = next(one for one, its in ranks.items() if its == int(rank))
            reason = f"{holder.upper()} has rank {rank} already; each rank is for one response"
            raise InvalidAnswerError(RANKS, reason, option=name)
        ranks[name] = int(rank)
    return rank_notation.format_ranks(ranks)


def _summarize(value: AnswerValue, _settings: RankingSettings) -> str:
    groups = rank_notation.tie_groups(str(value.get(RANKS, "")))
    return ", then ".join(" and ".join(group).upper().replace(" AND ", " and ") for group in groups)


def _to_label(content: Content, value: AnswerValue, order: Order) -> Ranking:
    ranks = rank_notation.ranks_of(str(value[RANKS]))
    rank_by_position = {
        place: ranks[name] for name, place in zip(ascii_lowercase, order, strict=False)
    }
    return Ranking(
        prompt=content.prompt,
        candidates=content.candidates,
        ranks=tuple(rank_by_position[place] for place in range(len(content.candidates))),
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
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=_to_label,
        example=_EXAMPLE,
    )
)
