"""Names of columns in public datasets, by the part of an item that they have."""

from __future__ import annotations

import re
from string import ascii_lowercase

ColumnGroup = tuple[str, ...]
"""Columns used together. Of several groups, the first whose columns all exist is used."""

WORD_BOUNDARY = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d+(?:$|[A-Z\W_]))"
)
"""Where a word begins in a name without a space: before `B` in `responseB`, `1` in `response1`."""

PROMPT_NAMES: tuple[ColumnGroup, ...] = (
    ("prompt",),
    ("instruction", "input"),
    ("instruction",),
    ("question",),
    ("query",),
    ("turns",),
    ("messages",),
    ("conversation",),
    ("conversation_history",),
    ("dialogue",),
    ("chat",),
    ("source",),
    ("original",),
    ("document",),
    ("article",),
    ("input",),
    ("problem",),
    ("user_prompt",),
    ("user_input",),
    ("user_message",),
    ("user_query",),
    ("sentence_1",),
)
TEXT_NAMES: tuple[ColumnGroup, ...] = (
    ("joke",),
    ("model_output",),
    ("model_response",),
    ("response",),
    ("text",),
    ("answer",),
    ("output",),
    ("completion",),
    ("candidate",),
    ("paraphrase",),
    ("summary",),
    ("back_translation",),
    ("backtranslation",),
    ("translation",),
    ("target",),
    ("generation",),
    ("messages",),
    ("conversation",),
    ("conversations",),
    ("dialogue",),
    ("chat",),
    ("transcript",),
    ("solution",),
    ("highlights",),
    ("sentence_2",),
    ("best_answer",),
)
CANDIDATE_LIST_NAMES: tuple[ColumnGroup, ...] = (
    ("candidates",),
    ("responses",),
    ("completions",),
    ("answers",),
    ("generations",),
    ("outputs",),
    ("summaries",),
    ("items",),
    ("candidates_completions",),
)
RESPONSE_WORDS = (
    *("response", "answer", "completion", "output", "candidate", "text"),
    *("generation", "reply", "translation", "summary", "conversation"),
)
"""Words that name a response; columns of several responses add a letter or a number."""

PAIR_SUFFIXES = (("left", "right"), ("a", "b"), ("1", "2"), ("0", "1"))
BARE_VERDICTS = (
    ("better", "worse"),
    ("preferred", "dispreferred"),
    ("preferred", "rejected"),
    ("accepted", "rejected"),
    ("positive", "negative"),
)
VERDICT_SUFFIXES = (
    *BARE_VERDICTS,
    ("chosen", "rejected"),
    ("good", "bad"),
    ("w", "l"),
    ("j", "k"),
)
"""Which of two responses was preferred, in the names of their columns."""

PAIR_NAMES: tuple[ColumnGroup, ...] = (
    *(
        group
        for word in RESPONSE_WORDS
        for first, second in PAIR_SUFFIXES
        for group in (
            (f"{word}_{first}", f"{word}_{second}"),
            (f"{first}_{word}", f"{second}_{word}"),
        )
    ),
    ("chosen", "rejected"),
    *(
        group
        for word in RESPONSE_WORDS
        for first, second in VERDICT_SUFFIXES
        for group in (
            (f"{word}_{first}", f"{word}_{second}"),
            (f"{first}_{word}", f"{second}_{word}"),
        )
    ),
    *PAIR_SUFFIXES,
    *BARE_VERDICTS,
)
SERIES = (tuple(ascii_lowercase), *(tuple(map(str, range(start, 100))) for start in (1, 0)))
"""How several columns of a ranking are counted."""

MIN_SERIES = 3

MODEL_WORDS = ("model", "generator", "model_name", "llm")
SYSTEM_NAMES: tuple[ColumnGroup, ...] = (
    ("system",),
    ("system_prompt",),
    ("system_message",),
    ("system_instruction",),
    ("context",),
)
HISTORY_NAMES: tuple[ColumnGroup, ...] = (("history",), ("chat_history",))
DRAFT_NAMES: tuple[ColumnGroup, ...] = (("draft",),)
MEDIA_NAMES = {
    "images": ("images", "image", "image_url", "image_urls"),
    "audio": ("audio", "audio_url"),
    "video": ("video", "video_url"),
}
ALT_NAMES: tuple[ColumnGroup, ...] = (("alt",), ("alt_text",), ("image_alt",))
QUESTION_ID = "question_id"
"""The id of a question, which several items may have: in MT-Bench, one for each pair of models."""

ID_NAMES: tuple[ColumnGroup, ...] = (
    ("id",),
    (QUESTION_ID, "turn"),
    (QUESTION_ID,),
    ("uid",),
    ("uuid",),
    ("item_id",),
    ("example_id",),
    ("sample_id",),
)


def normalize_name(name: str) -> str:
    """Return a column name in small letters with underscores: “responseA” is `response_a`."""
    spaced = WORD_BOUNDARY.sub("_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
