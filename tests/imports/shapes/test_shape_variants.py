"""Variants of known shapes: other columns, missing and printed values, several turns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.imports.read_item import DuplicateRow, ImportedItem
from tests.imports.shapes.rows import Row, assistant, read, system, user
from tests.imports.shapes.samples import HUMAN, SCORES, TALK, oasst

PAIR = [[assistant("A")], [assistant("B")]]
PRINTED = "[{{'content': 'Q', 'role': 'user'}}\n {{'content': '{}', 'role': 'assistant'}}]"

LANGCHAIN = [
    {"type": "human", "data": {"content": "Why is the sky blue?"}},
    {"type": "ai", "data": {"content": "Light."}},
]

VARIANTS: dict[str, tuple[str, Row, Sequence[Row], Sequence[Sequence[Row]]]] = {
    "hh with a source": (
        "comparison",
        {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B", "source": "x"},
        TALK,
        PAIR,
    ),
    "trl with a source": (
        "comparison",
        {
            "chosen": [user("Q"), assistant("A")],
            "rejected": [user("Q"), assistant("B")],
            "source": "x",
        },
        [user("Q")],
        PAIR,
    ),
    "trl whose responses are JSON": (
        "comparison",
        {"prompt": "Q", "chosen": '{"a": 1}', "rejected": "[1, 2]"},
        [user("Q")],
        [[assistant('{"a": 1}')], [assistant("[1, 2]")]],
    ),
    "saferlhf whose responses are JSON": (
        "comparison",
        {"prompt": "Q", "response_0": '{"text": "a"}', "response_1": '["b"]'},
        [user("Q")],
        [[assistant('{"text": "a"}')], [assistant('["b"]')]],
    ),
    "helpsteer with a good and a bad edit": (
        "comparison",
        {
            "context": [user("Q")],
            "response": "R",
            "good_edited_response": "A",
            "bad_edited_response": "B",
        },
        [user("Q")],
        PAIR,
    ),
    "ultrafeedback with a system message for each model": (
        "comparison",
        {
            "instruction": "Q",
            "models": ["m", "n"],
            "completions": [
                {"model": "m", "response": "A", "custom_system_prompt": "Be kind."},
                {"model": "n", "response": "B", "custom_system_prompt": "Be brief."},
            ],
        },
        [],
        [
            [system("Be kind."), user("Q"), assistant("A")],
            [system("Be brief."), user("Q"), assistant("B")],
        ],
    ),
    "ultrafeedback with one system message": (
        "comparison",
        {
            "instruction": "Q",
            "models": ["m", "n"],
            "completions": [
                {"model": "m", "response": "A", "custom_system_prompt": "Be kind."},
                {"model": "n", "response": "B", "custom_system_prompt": "Be kind."},
            ],
        },
        [system("Be kind."), user("Q")],
        PAIR,
    ),
    "labelstudio with items to rank": (
        "ranking",
        {
            "id": 1,
            "data": {
                "text": "Q",
                "items": [{"id": letter, "title": "T", "body": letter} for letter in "ABC"],
            },
            "annotations": [],
        },
        [user("Q")],
        [[assistant(letter)] for letter in "ABC"],
    ),
    "langfuse with the argument of a function": (
        "rating",
        {"datasetId": "d", "input": {"args": ["Q"], "kwargs": {}}, "expectedOutput": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "langfuse with arguments of a function": (
        "rating",
        {"datasetId": "d", "input": {"args": [], "kwargs": {"query": "Q"}}, "expectedOutput": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "pairs of an input and an output": (
        "rating",
        {
            "source": "x",
            "conversation": [{"input": "Q", "output": "R"}, {"input": "More?", "output": "A"}],
        },
        [user("Q"), assistant("R"), user("More?")],
        [[assistant("A")]],
    ),
    "pairs of an input and an output to answer": (
        "demonstration",
        {"source": "x", "conversation": [{"input": "Q", "output": "A"}]},
        [user("Q")],
        [],
    ),
    "arena with a full conversation": (
        "comparison",
        {
            "model_a": "m",
            "model_b": "n",
            **{
                f"conversation_{side.lower()}": [
                    {"role": role, "content": [{"type": "text", "text": text, "image": None}]}
                    for role, text in (("user", "Q"), ("assistant", side))
                ]
                for side in "AB"
            },
            "full_conversation": [{"user": {"role": "user"}}],
        },
        [user("Q")],
        PAIR,
    ),
    "hh to rate a transcript": (
        "rating",
        {"transcript": f"{HUMAN}A", "rating": 2.0},
        TALK,
        [[assistant("A")]],
    ),
    "hh to answer": (
        "demonstration",
        {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B"},
        TALK,
        [],
    ),
    "sharegpt in items": (
        "rating",
        {"id": "x_0", "items": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        [user("Q")],
        [[assistant("A")]],
    ),
    "arena as NumPy prints it": (
        "comparison",
        {
            "question_id": "q",
            "model_a": "m",
            "model_b": "n",
            "conversation_a": PRINTED.format("A"),
            "conversation_b": PRINTED.format("B"),
        },
        [user("Q")],
        PAIR,
    ),
    "arena with content parts": (
        "comparison",
        {
            "model_a": "m",
            "model_b": "n",
            "conversation_a": [
                {"role": "user", "content": [{"type": "text", "text": "Q", "image": None}]},
                {"role": "assistant", "content": [{"type": "text", "text": "A", "image": None}]},
            ],
            "conversation_b": [
                {"role": "user", "content": [{"type": "text", "text": "Q", "image": None}]},
                {"role": "assistant", "content": [{"type": "text", "text": "B", "image": None}]},
            ],
        },
        [user("Q")],
        PAIR,
    ),
    "helpsteer of several turns": (
        "rating",
        {
            "prompt": "Why is the sky blue?\n<extra_id_1>Assistant\nLight.\n"
            "<extra_id_1>User\nMore, please.\n",
            "response": '{"a": 1}',
            **SCORES,
        },
        TALK,
        [[assistant('{"a": 1}')]],
    ),
    "helpsteer edits": (
        "comparison",
        {"context": [user("Q")], "original_response": "A", "edited_response": "B"},
        [user("Q")],
        PAIR,
    ),
    "nectar": (
        "ranking",
        {
            "prompt": "\n\nHuman: Q\n\nAssistant: ",
            "answers": [{"answer": text, "model": text, "rank": 1.0} for text in "ABC"],
        },
        [user("Q")],
        [[assistant(text)] for text in "ABC"],
    ),
    "argilla with a chat": (
        "rating",
        {"id": 1, "fields": {"chat": [user("Q"), assistant("A")]}, "responses": {}},
        [user("Q")],
        [[assistant("A")]],
    ),
    "argilla with a chat and a response": (
        "rating",
        {"id": 1, "fields": {"chat": [user("Q")], "response": "A"}, "suggestions": {}},
        [user("Q")],
        [[assistant("A")]],
    ),
    "labelstudio with responses to order": (
        "ranking",
        {
            "data": {"prompt": "Q", "items": [{"id": n, "body": n, "title": "t"} for n in "ABC"]},
            "annotations": [],
        },
        [user("Q")],
        [[assistant(text)] for text in "ABC"],
    ),
    "labelstudio with a dialogue, not annotated": (
        "rating",
        {
            "data": {
                "dialogue": [{"author": "user", "text": "Q"}, {"author": "assistant", "text": "A"}]
            }
        },
        [user("Q")],
        [[assistant("A")]],
    ),
    "langfuse items to answer": (
        "demonstration",
        {"id": "i", "datasetId": "d", "input": {"question": "Q"}, "expectedOutput": {"a": "A"}},
        [user("Q")],
        [],
    ),
    "langfuse whose response is JSON": (
        "rating",
        {"id": "t", "traceId": "x", "input": "Q", "output": '{"score": 1}'},
        [user("Q")],
        [[assistant('{"score": 1}')]],
    ),
    "langsmith with earlier turns": (
        "rating",
        {
            "inputs": {"system": "S", "input": "More, please.", "chat_history": LANGCHAIN},
            "outputs": {"output": "A"},
        },
        [system("S"), *TALK],
        [[assistant("A")]],
    ),
    "langsmith in columns": (
        "rating",
        {"id": "x", "input_question": "Q", "output_answer": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "openai to answer": (
        "demonstration",
        {"messages": [system("S"), user("Q"), assistant("A")]},
        [system("S"), user("Q")],
        [],
    ),
    "alpaca with two outputs": (
        "comparison",
        {"instruction": "Q", "input": None, "output": ["A", "B"]},
        [user("Q")],
        PAIR,
    ),
    "alpaca whose output is JSON": (
        "rating",
        {"instruction": "Q", "input": "", "output": '{"a": 1}', "history": [], "system": None},
        [user("Q")],
        [[assistant('{"a": 1}')]],
    ),
    "distilabel with one generation": (
        "rating",
        {"instruction": "Q", "generation": "A", "model_name": "m"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "a conversation history": (
        "comparison",
        {"conversation_history": TALK, "chosen": "A", "rejected": "B"},
        TALK,
        PAIR,
    ),
}


@pytest.mark.parametrize("extension", ["jsonl", "csv"])
@pytest.mark.parametrize("name", list(VARIANTS))
def test_variant_becomes_a_complete_item(tmp_path: Path, name: str, extension: str) -> None:
    kind, row, prompt, candidates = VARIANTS[name]
    (item,) = read(tmp_path, kind, [row], extension)
    assert isinstance(item, ImportedItem), item
    assert item.content.prompt_messages() == list(prompt)
    assert [one.as_messages() for one in item.content.candidates] == list(map(list, candidates))


def test_each_of_several_pairs_of_a_question_gets_its_own_id(tmp_path: Path) -> None:
    rows = [
        {
            "question_id": 81,
            "turn": turn,
            "model_a": model,
            "model_b": "z",
            "conversation_a": [user("Q"), assistant(f"{model} {turn}")],
            "conversation_b": [user("Q"), assistant("Z")],
        }
        for turn, model in ((1, "x"), (2, "x"), (1, "y"), (1, "x"), (1, "y"))
    ]
    first, other_turn, other_pair, *repeated = read(tmp_path, "comparison", rows)
    assert isinstance(first, ImportedItem)
    assert isinstance(other_turn, ImportedItem)
    assert isinstance(other_pair, ImportedItem)
    assert (first.key, other_turn.key) == ("81-1", "81-2")
    assert other_pair.key == other_pair.spare_key == f"81-1-{other_pair.digest.hex()}"
    assert [row.key for row in repeated if isinstance(row, DuplicateRow)] == [
        first.key,
        other_pair.key,
    ]


def test_each_of_several_responses_is_rated(tmp_path: Path) -> None:
    completions = [{"model": model, "response": f"By {model}"} for model in ("wren", "heron")]
    row = {"id": "u1", "instruction": "Q", "completions": completions}
    items = read(tmp_path, "rating", [row])
    assert [
        (one.key, one.content.candidates[0].text, one.content.candidates[0].model)
        for one in items
        if isinstance(one, ImportedItem)
    ] == [("u1-1", "By wren", "wren"), ("u1-2", "By heron", "heron")]


def test_deleted_messages_of_a_csv_file_are_left_out(tmp_path: Path) -> None:
    rows = [
        {**oasst("m1", None, "prompter", "Q"), "deleted": "False"},
        {**oasst("m2", "m1", "assistant", "A"), "deleted": "False"},
        {**oasst("m3", "m1", "assistant", "gone"), "deleted": "True"},
        {**oasst("m4", "m1", "assistant", "B"), "deleted": "False"},
    ]
    (item,) = read(
        tmp_path, "comparison", [{k: v or "" for k, v in row.items()} for row in rows], "csv"
    )
    assert isinstance(item, ImportedItem)
    assert [one.text for one in item.content.candidates] == ["A", "B"]
