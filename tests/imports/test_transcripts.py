"""Dialogues in one text: every convention is split into turns, and other texts are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.transcripts import parse_transcript
from bot.kinds.content import ConversationTurn

TURNS = (
    ConversationTurn("user", "Why?"),
    ConversationTurn("assistant", "So.\n\nReally: so."),
    ConversationTurn("user", "More?"),
)
SYSTEM = ConversationTurn("system", "Be kind.")

DIALOGUES = [
    ("\n\nHuman: Why?\n\nAssistant: So.\n\nReally: so.\n\nHuman: More?", TURNS),
    ("\n\nHuman: Why?\n\nAssistant: So.\n\nReally: so.\n\nHuman: More?\n\nAssistant:", TURNS),
    ("User: Why?\n\nAssistant: So.\n\nReally: so.\n\nUser: More?\n\nAssistant: ", TURNS),
    ("USER: Why? ASSISTANT: So.\n\nReally: so.</s>USER: More? ASSISTANT:", TURNS),
    (
        (
            "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n"
            "<|im_start|>assistant\nSo.\n\nReally: so.<|im_end|>\n"
            "<|im_start|>user\nMore?<|im_end|>\n"
        ),
        (SYSTEM, *TURNS),
    ),
    (
        (
            "<|system|>\nBe kind.</s>\n<|user|>\nWhy?</s>\n<|assistant|>\nSo.\n\nReally: so.</s>\n"
            "<|user|>\nMore?</s>\n<|assistant|>\n"
        ),
        (SYSTEM, *TURNS),
    ),
    (
        (
            "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nWhy? [/INST] So.\n\nReally: so. </s><s>"
            "[INST] More? [/INST]"
        ),
        (SYSTEM, *TURNS),
    ),
    (
        (
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nSo.\n\nReally: so.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nMore?<|eot_id|>"
        ),
        (SYSTEM, *TURNS),
    ),
    (
        (
            "<bos><start_of_turn>user\nWhy?<end_of_turn>\n<start_of_turn>model\n"
            "So.\n\nReally: so.<end_of_turn>\n<start_of_turn>user\nMore?<end_of_turn>"
        ),
        TURNS,
    ),
    (
        (
            "### Instruction:\nWhy?\n\n### Response:\nSo.\n\nReally: so.\n\n"
            "### Instruction:\nMore?\n\n### Response:\n"
        ),
        TURNS,
    ),
    (
        (
            "<extra_id_0>System\nBe kind.\n<extra_id_1>User\nWhy?\n<extra_id_1>Assistant\n"
            "So.\n\nReally: so.\n<extra_id_1>User\nMore?"
        ),
        (SYSTEM, *TURNS),
    ),
    (
        "<extra_id_1>User\nWhy?<extra_id_1>Assistant\nSo.\n\nReally: so.<extra_id_1>User\nMore?",
        TURNS,
    ),
    ("User: Why?\nAssistant: So.\n\nReally: so.\nUser: More?\nAssistant:", TURNS),
    ("Human: Why?\nAssistant: So.\n\nReally: so.\nHuman: More?", TURNS),
    ("### Human: Why?\n### Assistant: So.\n\nReally: so.\n### Human: More?", TURNS),
    ("### User:\nWhy?\n\n### Assistant:\nSo.\n\nReally: so.\n\n### User:\nMore?\n\n", TURNS),
    (
        (
            "<|prompter|>Why?<|endoftext|><|assistant|>So.\n\nReally: so.<|endoftext|>"
            "<|prompter|>More?<|endoftext|><|assistant|>"
        ),
        TURNS,
    ),
    (
        (
            "<\uff5cbegin▁of▁sentence\uff5c><\uff5cUser\uff5c>Why?"
            "<\uff5cAssistant\uff5c>So.\n\nReally: so."
            "<\uff5cend▁of▁sentence\uff5c><\uff5cUser\uff5c>More?<\uff5cAssistant\uff5c>"
        ),
        TURNS,
    ),
    (
        "A chat between two. USER: Why? ASSISTANT: So.\n\nReally: so.</s>USER: More? ASSISTANT:",
        (ConversationTurn("system", "A chat between two."), *TURNS),
    ),
    (
        (
            "Below is an instruction that describes a task.\n\n### Instruction:\nWhy?\n\n"
            "### Response:\nSo.\n\nReally: so.\n\n### Instruction:\nMore?\n\n### Response:\n"
        ),
        (ConversationTurn("system", "Below is an instruction that describes a task."), *TURNS),
    ),
]


@pytest.mark.parametrize(("text", "turns"), DIALOGUES)
def test_dialogue_is_split_into_turns(text: str, turns: tuple[ConversationTurn, ...]) -> None:
    assert parse_transcript(text) == turns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Why is the sky blue?",
        "Human: a primate",
        "The dialogue was:\n\nHuman: Hi\n\nAssistant: Hello",
        "<b>Assistant: x</b>",
        "Human: \n\nAssistant: Hello",
        "### Notes:\nnone",
        "[INST] unfinished",
    ],
)
def test_other_texts_are_no_dialogues(text: str) -> None:
    assert parse_transcript(text) is None


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=2, max_size=7))
def test_dialogue_of_any_length_reads_back_equal(texts: list[str]) -> None:
    names = ("Human", "Assistant")
    text = "".join(f"\n\n{names[number % 2]}: {part}" for number, part in enumerate(texts))
    turns = parse_transcript(text)
    assert turns is not None
    assert [turn.content for turn in turns] == texts
