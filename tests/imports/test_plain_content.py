"""Plain rows: the short way gives what the long way gives, and is taken for ordinary rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.checks import MAX_FIELD_CHARS
from bot.imports.item_content import build_content, interpret_row
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.plain_content import is_plain
from bot.imports.row import InvalidRowError
from bot.kinds.content import Content

MAPPING = ColumnMapping.parse(["prompt=q", "candidates=a,b", "models=m,n", "id=i"])

texts = st.text(max_size=20) | st.sampled_from(
    [
        "Human: Hi\n\nAssistant: Hello",
        "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant: So.",
        "USER: Hi ASSISTANT: Hello",
        "Users: many",
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>",
        "[INST] Hi [/INST] Hello",
        "Below is an instruction ### Instruction:\nDo\n### Response:\nDone",
        "A chat between them USER: Hi ASSISTANT: Hello",
        "### Human: Hi\n### Assistant: Hello",
        '[{"role": "user", "content": "Hi"}]',
        "\u200b",
        "\u3164",
        " padded ",
        "data:image/png;base64,AAAA",
        "x" * (MAX_FIELD_CHARS + 1),
    ]
)
others = st.none() | st.booleans() | st.integers() | st.lists(texts, max_size=2)
messages = st.lists(
    st.builds(
        lambda role, content: {"role": role, "content": content},
        st.sampled_from(["user", "assistant", "system"]),
        texts,
    ),
    max_size=3,
)
values = texts | texts | texts | others | messages | st.dictionaries(texts, texts, max_size=2)
rows = st.dictionaries(st.sampled_from(["q", "a", "b", "m", "n", "i", "more"]), values)


def result_of(build: object, row: object, mapping: CompiledMapping) -> Content | str:
    try:
        content = build(row, mapping)  # type: ignore[operator]  # one of two functions
    except InvalidRowError as error:
        return str(error)
    assert isinstance(content, Content)
    return content


PARTS = st.tuples(
    st.sampled_from(["candidates=a,b", "candidates=a", "candidates=a,b,m", ""]),
    st.sampled_from(["models=m,n", "models=n", ""]),
    st.sampled_from(["prompt=q", ""]),
    st.sampled_from(["id=i", "gold=i", ""]),
)


@given(row=rows, parts=PARTS)
def test_both_ways_give_the_same(row: dict[str, object], parts: tuple[str, ...]) -> None:
    mapping = CompiledMapping(ColumnMapping.parse(filter(None, parts)))
    assert result_of(build_content, row, mapping) == result_of(interpret_row, row, mapping)


def test_ordinary_row_is_plain() -> None:
    row = {"q": "Why?", "a": "So.", "b": "How: so", "m": "wren", "n": None, "i": 1, "topic": ["x"]}
    plain = CompiledMapping(MAPPING).plain
    assert plain
    assert plain.content_of(row, {"topic": ["x"]}) == interpret_row(row, CompiledMapping(MAPPING))


@pytest.mark.parametrize(
    "parts",
    [
        ["prompt=q,s", "candidates=a,b"],
        ["prompt=q.0", "candidates=a,b"],
        ["prompt=q", "system=s", "candidates=a,b"],
        ["candidates=a,b", "models=m"],
        ["candidates=a,b", "candidate_images=m,n"],
    ],
)
def test_files_with_other_columns_are_not_plain(parts: list[str]) -> None:
    assert CompiledMapping(ColumnMapping.parse(parts)).plain is None


@pytest.mark.parametrize(
    "text",
    [
        "Human: Hi\n\nAssistant: Hello",
        "\n\nHuman: Hi\n\nAssistant: Hello",
        "USER: Hi ASSISTANT: Hello",
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>",
        "[INST] Hi [/INST] Hello",
        "A chat between them USER: Hi ASSISTANT: Hello",
        "\u3164",
        "\n",
        "",
        "x" * (MAX_FIELD_CHARS + 1),
        ["Hi"],
    ],
)
def test_dialogues_and_blank_or_long_values_are_not_plain(text: object) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["Users: many", " padded", "\u00c4hm", "\u3053\u3093"])
def test_ordinary_texts_are_plain(text: str) -> None:
    assert is_plain(text)
