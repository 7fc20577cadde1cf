"""Ranking: several candidate responses, best to worst, blind and shuffled for each expert."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase

from bot.kinds import ordering
from bot.kinds.base import (
    BadContentError,
    Example,
    Given,
    Kind,
    Reading,
    Value,
    WrongAnswerError,
)
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import BACK, EQUAL, OVER, Form, Option, Ordered
from bot.kinds.label import Ranking
from bot.kinds.passages import asked, response
from bot.kinds.remark import with_remarks
from bot.kinds.settings import Asks, KindSettings

RANKS = "ranks"
FEWEST, MOST = 3, 10

PLEASE = "Please choose one of the responses on the task"


class RankingSettings(KindSettings):
    """`ties`: two responses may share a rank."""

    reason: Asks = "optional"
    ties: bool = True


def _accept(content: Content, settings: RankingSettings) -> None:
    count = len(content.candidates)
    if not FEWEST <= count <= MOST:
        raise BadContentError(reason=f"it needs {FEWEST} to {MOST} candidates and has {count}")
    different = len({candidate.text.strip() for candidate in content.candidates})
    if different == 1:
        raise BadContentError(reason="its candidates are all identical")
    if different < count and not settings.ties:
        raise BadContentError(reason="two of its candidates are identical, and it has no ties")


def _form(content: Content, settings: RankingSettings, order: Order) -> Form:
    shown = list(zip(ascii_lowercase, content.shown(order), strict=False))
    return Form(
        question="Rank these responses, best first",
        passages=(
            *asked(content),
            *(response(name, f"Response {name.upper()}", one) for name, one in shown),
        ),
        taps=(
            Ordered(
                RANKS,
                "Ranking",
                tuple(Option(name, name.upper()) for name, _one in shown),
                ties=settings.ties,
                hint="The same rank twice is a tie." if settings.ties else "Each rank once.",
            ),
        ),
    )


def _read(given: Given, before: Given, settings: RankingSettings, order: Order) -> Reading:
    names = ascii_lowercase[: len(order)]
    line = str(before.get(RANKS, ""))
    if RANKS in given:
        line = _line(given[RANKS], line, names, ties=settings.ties)
    if not settings.ties and len(ordering.ranks_of(line)) == len(names) - 1:
        (last,) = set(names) - ordering.ranks_of(line).keys()
        line = ordering.placed(line, last)
    is_whole = len(ordering.ranks_of(line)) == len(names)
    return Reading({RANKS: line} if line else {}, complete=is_whole)


def _line(answer: object, line: str, names: str, *, ties: bool) -> str:
    """Return the line after a tap, a window with a rank for each, or a line as it is kept."""
    if isinstance(answer, Mapping):
        return _from_window(answer, names, ties=ties)
    if not isinstance(answer, str) or not answer:
        raise WrongAnswerError(RANKS, PLEASE)
    if answer in names and len(answer) == 1:
        return ordering.placed(line, answer)
    ways = {BACK: ordering.without_last(line), OVER: ""}
    ways |= {EQUAL: ordering.tying(line)} if ties else {}
    return ways[answer] if answer in ways else _checked(answer, names, ties=ties)


def _checked(line: str, names: str, *, ties: bool) -> str:
    groups = ordering.groups_of(line)
    found = [name for group in groups for name in group]
    again = ordering.NEXT.join(ordering.TIED.join(group) for group in groups)
    again += ordering.TIED if ordering.is_tying(line) else ""
    is_sound = len(set(found)) == len(found) and set(found) <= set(names) and again == line
    if not is_sound or (ordering.TIED in line and not ties):
        raise WrongAnswerError(RANKS, PLEASE)
    return line


def _from_window(answer: Mapping[str, object], names: str, *, ties: bool) -> str:
    """Return the line that the ranks in a window make.

    Raises:
        WrongAnswerError: a rank is missing, or given twice where there are no ties.
    """
    ranks: dict[str, int] = {}
    for name in names:
        rank = str(answer.get(name) or "")
        if rank not in {str(place) for place in range(1, len(names) + 1)}:
            raise WrongAnswerError(RANKS, f"Please give {name.upper()} a rank", part=name)
        if not ties and int(rank) in ranks.values():
            taken = next(one for one, its in ranks.items() if its == int(rank))
            said = f"{taken.upper()} has rank {rank} already; each rank is for one response"
            raise WrongAnswerError(RANKS, said, part=name)
        ranks[name] = int(rank)
    return ordering.from_ranks(ranks)


def _receipt(value: Value, _settings: RankingSettings) -> str:
    groups = ordering.groups_of(str(value.get(RANKS, "")))
    return ", then ".join(" and ".join(group).upper().replace(" AND ", " and ") for group in groups)


def _label(content: Content, value: Value, order: Order) -> Ranking:
    ranks = ordering.ranks_of(str(value[RANKS]))
    imported = {place: ranks[name] for name, place in zip(ascii_lowercase, order, strict=False)}
    return Ranking(
        prompt=content.prompt,
        candidates=content.candidates,
        ranks=tuple(imported[place] for place in range(len(content.candidates))),
    )


_CANDIDATES = (
    Candidate("It is cold.", "wren-mini"),
    Candidate("Water turns solid at 0 °C, at sea level.", "heron-7b"),
    Candidate("Ice is water that is cold.", "dunlin-chat"),
)

_EXAMPLE = Example(
    content=Content(prompt=(Turn("user", "When does water freeze?"),), candidates=_CANDIDATES),
    settings=RankingSettings(),
    given=({RANKS: "b"}, {RANKS: "a"}, {RANKS: EQUAL}, {RANKS: "c"}),
    order=(2, 1, 0),
    label=Ranking(
        prompt=(Turn("user", "When does water freeze?"),),
        candidates=_CANDIDATES,
        ranks=(2, 1, 2),
    ),
)

RANKING = with_remarks(
    Kind(
        name="ranking",
        asks="put several responses in order, best first",
        settings=RankingSettings,
        accept=_accept,
        form=_form,
        read=_read,
        receipt=_receipt,
        label=_label,
        example=_EXAMPLE,
    )
)
