"""Splits: parsed, stable, and the same for all labels of a prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.formats import FORMATS
from bot.exports.label_record import LabelRecord
from bot.exports.splits import (
    InvalidSplitError,
    Split,
    parse_splits,
    split_of,
    splits_text,
)
from bot.exports.spool import spool_rows
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ChatRole, ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import Preference
from bot.kinds.media import Media

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def _about(record: LabelRecord, *turns: tuple[ChatRole, str]) -> LabelRecord:
    prompt = tuple(ConversationTurn(role, text) for role, text in turns)
    return replace(record, label=replace(record.label, prompt=prompt))


def test_splits_are_parsed_and_written_alike() -> None:
    splits = parse_splits(" validation = 0.05, test=.1 ")
    assert splits == (Split("validation", 0.05), Split("test", 0.1))
    assert parse_splits(splits_text(splits)) == splits
    assert parse_splits("") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("test", "a name has"),
        ("Test=0.1", "a name has"),
        ("a/b=0.1", "a name has"),
        ("train=0.5", "gets what the others leave"),
        ("test=0", "is not a share"),
        ("test=1", "is not a share"),
        ("test=nan", "is not a share"),
        ("test=ten", "is not a share"),
        ("test=0.1,test=0.2", "occurs twice"),
        ("test=0.5,validation=0.5", "nothing is left"),
    ],
)
def test_invalid_splits_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidSplitError, match=reason):
        parse_splits(text)


def test_shares_are_those_requested(example_of: ExampleOf) -> None:
    record, splits = example_of(DEMONSTRATION), parse_splits("validation=0.1,test=0.2")
    prompts = (_about(record, ("user", f"question {number}")) for number in range(5_000))
    counts = Counter(split_of(prompt, splits) for prompt in prompts)
    assert 400 < counts["validation"] < 600
    assert 900 < counts["test"] < 1_100


@given(text=st.text(min_size=1), answer=st.text(), system=st.text())
def test_split_depends_on_the_first_user_message_alone(
    example_of: ExampleOf, text: str, answer: str, system: str
) -> None:
    splits = parse_splits("validation=0.3,test=0.3")
    first = split_of(_about(example_of(DEMONSTRATION), ("user", f"Q {text}")), splits)
    for record in (
        _about(example_of(COMPARISON), ("user", f"q  {text}\n")),
        _about(example_of(COMPARISON), ("system", system), ("user", f"Q {text}")),
        _about(
            example_of(DEMONSTRATION),
            *(("user", f"Q {text}"), ("assistant", answer), ("user", "Go on.")),
        ),
    ):
        assert split_of(record, splits) == first


@given(text=st.text())
def test_another_split_takes_rows_only_from_train(example_of: ExampleOf, text: str) -> None:
    record = _about(example_of(DEMONSTRATION), ("user", f"Q {text}"))
    before = split_of(record, parse_splits("test=0.2"))
    after = split_of(record, parse_splits("test=0.2,validation=0.2"))
    assert after in (before, "validation")
    assert before in (after, "train")


def test_responses_decide_if_there_is_no_prompt(example_of: ExampleOf) -> None:
    record, splits = _about(example_of(COMPARISON)), parse_splits("test=0.5")
    label = record.label
    assert isinstance(label, Preference)
    exchanged = replace(record, label=replace(label, left=label.right, right=label.left))
    assert split_of(record, splits) == split_of(exchanged, splits)
    others = (
        replace(record, label=replace(label, left=replace(label.left, text=f"{number}")))
        for number in range(40)
    )
    assert len({split_of(other, splits) for other in others}) == 2


def test_media_of_the_prompt_make_another_prompt(example_of: ExampleOf) -> None:
    record, splits = example_of(COMPARISON), parse_splits("test=0.5")
    images = (((Media("image", f"media:{number}.png", ""),), (), ()) for number in range(40))
    assert len({split_of(replace(record, media=media), splits) for media in images}) == 2


PROMPTS = st.lists(st.text(max_size=5), max_size=8)


@given(prompts=PROMPTS, added=PROMPTS, position=st.integers(0, 8))
def test_rows_stay_in_their_split_whatever_is_added(
    example_of: ExampleOf,
    tmp_path_factory: pytest.TempPathFactory,
    prompts: list[str],
    added: list[str],
    position: int,
) -> None:
    splits = parse_splits("validation=0.3,test=0.3")
    folder = tmp_path_factory.mktemp("spool")

    def prompts_by_split(texts: list[str]) -> dict[str, set[str]]:
        records = [_about(example_of(DEMONSTRATION), ("user", f"Q {text}")) for text in texts]
        spooled = spool_rows(records, FORMATS["prompt-only"], folder / "rows", splits)
        return {
            split.name: {
                orjson.loads(line)["prompt"][0]["content"]
                for line in split.path.read_bytes().splitlines()
            }
            for split in spooled.splits
        }

    before = prompts_by_split(prompts)
    after = prompts_by_split([*prompts[:position], *added, *prompts[position:]])
    for name, found in before.items():
        assert found <= after[name]
    folded = [{" ".join(text.casefold().split()) for text in found} for found in after.values()]
    assert sum(map(len, folded)) == len(set().union(*folded)), "no prompt is in two splits"
