"""Item content: build it from text, objects, lists and conversations; reject other values."""

from __future__ import annotations

import pytest

from bot.imports.mapping import ColumnMapping
from bot.imports.row import InvalidRowError
from bot.kinds.content import Candidate, Content, ConversationTurn
from tests.imports.conftest import content_of_row

PAIR = ColumnMapping.parse(["prompt=p", "candidates=a,b", "models=ma,mb"])
LIST = ColumnMapping.parse(["candidates=c", "models=m"])

USER = {"role": "user", "content": "Hi"}
REPLY = {"role": "assistant", "content": "Hello"}


def test_unmapped_columns_become_meta() -> None:
    row = {"p": "Q?", "a": " A ", "b": "B", "ma": "wren", "mb": "", "x": [1, {"y": None}]}
    assert content_of_row(row, PAIR) == Content(
        prompt=(ConversationTurn("user", "Q?"),),
        candidates=(Candidate(" A ", "wren"), Candidate("B")),
        meta={"x": [1, {"y": None}]},
    )


@pytest.mark.parametrize(
    ("fields", "prompt"),
    [
        ({"p": "one", "q": " two "}, "one\n\ntwo"),
        ({"p": "one", "q": "  "}, "one"),
        ({"p": None, "q": "two"}, "two"),
        ({"q": "two"}, "two"),
    ],
)
def test_prompt_columns_are_joined_by_a_blank_line(fields: dict[str, object], prompt: str) -> None:
    content = content_of_row(fields, ColumnMapping(prompt=("p", "q")))
    assert content.prompt == (ConversationTurn("user", prompt),)


@pytest.mark.parametrize("blank", [None, "", " \n", []])
def test_blank_prompt_or_draft_is_none(blank: object) -> None:
    content = content_of_row({"p": blank, "d": blank}, ColumnMapping(prompt=("p",), draft=("d",)))
    assert content == Content()


def test_prompt_may_be_a_conversation() -> None:
    turns = [USER, REPLY, {"role": "user", "content": "More"}]
    content = content_of_row({"p": turns}, ColumnMapping(prompt=("p",)))
    assert content.prompt_messages() == turns


@pytest.mark.parametrize(
    ("row", "candidates"),
    [
        ({"c": ["A", "B"]}, (Candidate("A"), Candidate("B"))),
        ({"c": ["A", "B"], "m": ["wren", None]}, (Candidate("A", "wren"), Candidate("B"))),
        (
            {"c": [{"text": "A", "model": "wren"}, {"content": "B"}, {"response": "C"}]},
            (Candidate("A", "wren"), Candidate("B"), Candidate("C")),
        ),
        ({"c": {"text": "A", "model": "wren"}, "m": "heron"}, (Candidate("A", "heron"),)),
        ({"c": [USER, REPLY]}, (Candidate("Hello"),)),
        ({"c": [[USER, REPLY], [USER, REPLY]]}, (Candidate("Hello"), Candidate("Hello"))),
        ({"c": []}, ()),
    ],
)
def test_candidates_may_be_text_objects_lists_or_conversations(
    row: dict[str, object], candidates: tuple[Candidate, ...]
) -> None:
    assert content_of_row(row, LIST).candidates == candidates


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"p": 3, "a": "A", "b": "B"},
            "the prompt must be text or a list of messages, not a number",
        ),
        ({"p": [USER, REPLY], "a": "A", "b": "B"}, "the prompt must end with a user message"),
        ({"a": "A", "b": None}, "candidate 2 is blank"),
        ({"a": " ", "b": "B"}, "candidate 1 is blank"),
        ({"a": "A"}, "candidate 2 is blank"),
        ({"a": [], "b": "B"}, "candidate 1 is blank"),
        ({"a": 7, "b": "B"}, "candidate 1 must be text, not a number"),
        ({"a": "A", "b": True}, "candidate 2 must be text, not a Boolean"),
        ({"a": ["A"], "b": "B"}, "candidate 1 must be text, not a list"),
        ({"a": {"text": 7}, "b": "B"}, "candidate 1 must be text, not a number"),
        (
            {"a": {"score": 7}, "b": "B"},
            (
                "candidate 1 is an object without “text”, “content” or “response”; to use one of "
                "its keys (“score”), write it after the column and a dot"
            ),
        ),
        ({"a": [USER], "b": "B"}, "candidate 1 must end with an assistant message"),
        ({"a": [USER, "x"], "b": "B"}, "message 2 of candidate 1 must be an object, not text"),
        ({"a": "A", "b": "B", "ma": 7}, "the model of candidate 1 must be a name, not a number"),
    ],
)
def test_invalid_content_makes_the_row_invalid(row: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidRowError) as caught:
        content_of_row(row, PAIR)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("row", "columns", "reason"),
    [
        ({"c": ["A", "B"], "m": ["wren"]}, LIST, "expected one model per candidate (2), found 1"),
        ({"c": ["A", "B"], "m": "wren"}, LIST, "expected one model per candidate (2), found 1"),
        ({"d": 5}, ColumnMapping(draft=("d",)), "the draft must be text, not a number"),
        (
            {"p": "text", "q": ["a"]},
            ColumnMapping(prompt=("p", "q")),
            "every prompt column must be text, and one is a list",
        ),
    ],
)
def test_inconsistent_parts_make_the_row_invalid(
    row: dict[str, object], columns: ColumnMapping, reason: str
) -> None:
    with pytest.raises(InvalidRowError) as caught:
        content_of_row(row, columns)
    assert str(caught.value) == reason


def test_shared_conversation_of_candidates_is_the_prompt_if_none_is_mapped() -> None:
    prompt = [{"role": "user", "content": "Hi"}]
    replies = [[*prompt, {"role": "assistant", "content": text}] for text in ("Hello", "Bye")]
    columns = ColumnMapping.parse(["candidates=a,b"])
    content = content_of_row({"a": replies[0], "b": replies[1]}, columns)
    assert content.prompt == (ConversationTurn("user", "Hi"),)
    assert [candidate.text for candidate in content.candidates] == ["Hello", "Bye"]


@pytest.mark.parametrize(
    ("first", "second", "prompt", "own"),
    [
        ("u:Q a:A u:R a:B", "u:Q a:A u:R a:C", "u:Q a:A u:R", ("a:B", "a:C")),
        ("u:Q a:A u:R a:B", "u:Q a:D u:R a:C", "u:Q", ("a:A u:R a:B", "a:D u:R a:C")),
        ("u:Q a:A u:R a:B", "u:Q a:A u:S a:C", "u:Q", ("a:A u:R a:B", "a:A u:S a:C")),
        ("u:Q a:B", "u:R a:C", "", ("u:Q a:B", "u:R a:C")),
        ("u:Q a:B", "a:C", "", ("u:Q a:B", "a:C")),
        ("s:S u:Q a:B", "s:S u:Q a:C", "s:S u:Q", ("a:B", "a:C")),
    ],
)
def test_candidates_keep_the_turns_that_they_do_not_share(
    first: str, second: str, prompt: str, own: tuple[str, str]
) -> None:
    columns = ColumnMapping.parse(["candidates=a,b"])
    content = content_of_row({"a": messages_of(first), "b": messages_of(second)}, columns)
    assert content.prompt_messages() == messages_of(prompt)
    assert [one.as_messages() for one in content.candidates] == list(map(messages_of, own))


@pytest.mark.parametrize(
    ("given", "conversation", "prompt"),
    [
        ("Q", "u:Q a:B", "u:Q"),
        ("Q", "s:S u:Q a:B", "s:S u:Q"),
        ("Q", "u:Q a:A u:R a:B", "u:Q a:A u:R"),
        ("R", "u:Q a:A u:R a:B", "u:Q a:A u:R"),
        ("Yo", "u:Q a:B", "u:Yo u:Q"),
    ],
)
def test_conversations_that_contain_the_prompt_replace_it(
    given: str, conversation: str, prompt: str
) -> None:
    columns = ColumnMapping.parse(["candidates=a", "prompt=p"])
    content = content_of_row({"a": messages_of(conversation), "p": given}, columns)
    assert content.prompt_messages() == messages_of(prompt)
    assert [one.as_messages() for one in content.candidates] == [messages_of("a:B")]


def messages_of(text: str) -> list[dict[str, object]]:
    """Return messages written as `u:Hi a:Hello`."""
    roles = {"u": "user", "a": "assistant", "s": "system"}
    return [{"role": roles[part[0]], "content": part[2:]} for part in text.split()]


@pytest.mark.parametrize(
    ("row", "prompt"),
    [
        ({"system": "S", "p": "Q"}, "s:S u:Q"),
        ({"system": " ", "p": "Q"}, "u:Q"),
        ({"system": "S", "p": messages_of("s:S u:Q")}, "s:S u:Q"),
        ({"system": "S", "history": [["Q", "A"]], "p": "R"}, "s:S u:Q a:A u:R"),
        ({"history": messages_of("u:Q a:A"), "p": "R"}, "u:Q a:A u:R"),
        ({"system": messages_of("s:S"), "p": "Q"}, "s:S u:Q"),
    ],
)
def test_system_message_and_history_precede_the_prompt(row: dict[str, object], prompt: str) -> None:
    columns = ColumnMapping.parse(["prompt=p", "system=system", "history=history"])
    assert content_of_row(row, columns).prompt_messages() == messages_of(prompt)


def test_other_keys_of_messages_and_candidates_are_kept_in_meta() -> None:
    row = {
        "p": [{**USER, "timestamp": 1}],
        "c": [{"text": "A", "score": 1, "model": "wren"}, {"text": "B"}],
    }
    content = content_of_row(row, ColumnMapping.parse(["prompt=p", "candidates=c"]))
    assert content.meta == {
        "prompt_keys": [{"timestamp": 1}],
        "candidate_keys": [{"score": 1}, {}],
    }


DIALOGUE = "\n\nHuman: Why?\n\nAssistant: "


@pytest.mark.parametrize(
    "row",
    [
        {"a": f"{DIALOGUE}A", "b": f"{DIALOGUE}B"},
        {"p": DIALOGUE, "a": "A", "b": "B"},
        {"p": DIALOGUE, "a": f"{DIALOGUE}A", "b": f"{DIALOGUE}B"},
        {"p": "Why?", "a": f"{DIALOGUE}A", "b": f"{DIALOGUE}B"},
    ],
)
def test_dialogues_in_one_text_are_split(row: dict[str, object]) -> None:
    content = content_of_row(row, PAIR)
    assert content.prompt_messages() == [{"role": "user", "content": "Why?"}]
    assert [one.as_messages() for one in content.candidates] == [
        [{"role": "assistant", "content": text}] for text in "AB"
    ]


def test_response_that_quotes_a_dialogue_stays_one_text() -> None:
    quote = f"{DIALOGUE}A"
    content = content_of_row({"p": "Write a dialogue.", "a": quote, "b": "No."}, PAIR)
    assert [one.text for one in content.candidates] == [quote, "No."]
