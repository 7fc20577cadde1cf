"""Shapes of public preference datasets: two or more responses to a prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from bot.imports.messages import is_conversation
from bot.imports.row import InvalidRowError, quote_name
from bot.imports.shapes.shape import (
    Fields,
    Shape,
    cell,
    has_columns,
    require,
    require_list,
    without,
)
from bot.imports.transcripts import parse_transcript


def _is_hh(row: Fields) -> bool:
    texts = [row.get(name) for name in ("chosen", "rejected")]
    return "prompt" not in row and all(
        isinstance(text, str) and parse_transcript(text) for text in texts
    )


def _convert_hh(row: Fields, count: int) -> Iterator[Fields]:
    candidates = [require(row, name) for name in ("chosen", "rejected")]
    rest = without(row, "chosen", "rejected")
    if count:
        yield {**rest, "candidates": candidates}
        return
    turns = parse_transcript(str(candidates[0])) or ()
    yield {**rest, "prompt": [turn.as_message() for turn in turns[:-1]] or candidates[0]}


HH = Shape("hh", "Anthropic HH: whole dialogues in one text", _is_hh, _convert_hh)

ARENA_COLUMNS = (
    "conversation_a",
    "conversation_b",
    "response_a",
    "response_b",
    "full_conversation",
)


def _is_arena(row: Fields) -> bool:
    if not has_columns("model_a", "model_b")(row):
        return False
    return all(is_conversation(cell(row, f"conversation_{side}")) for side in "ab") or all(
        isinstance(cell(row, name), list) for name in ("prompt", "response_a", "response_b")
    )


def _convert_arena(row: Fields, _count: int) -> Iterator[Fields]:
    if any(name in row for name in ARENA_COLUMNS[:2]):
        conversations = [require_list(row, f"conversation_{side}") for side in "ab"]
        rest = without(row, *ARENA_COLUMNS)
    else:
        prompts = _texts(row, "prompt")
        sides = [_texts(row, f"response_{side}") for side in "ab"]
        conversations = [_interleave(prompts, responses) for responses in sides]
        rest = without(row, "prompt", *ARENA_COLUMNS)
    models = [cell(row, f"model_{side}") for side in "ab"]
    yield {**without(rest, "model_a", "model_b"), "candidates": conversations, "models": models}


def _texts(row: Fields, name: str) -> list[str]:
    """Return the turns in a column; a turn without text cannot be judged."""
    value = require_list(row, name)
    turns = value if isinstance(value, list) else [value]
    for number, turn in enumerate(turns, start=1):
        if turn is None or (isinstance(turn, str) and not turn.strip()):
            message = f"turn {number} of {quote_name(name)} is empty"
            raise InvalidRowError(message)
    return [str(turn) for turn in turns]


def _interleave(prompts: list[str], responses: list[str]) -> list[Fields]:
    if len(prompts) != len(responses):
        message = f"the row has {len(prompts)} prompts and {len(responses)} responses"
        raise InvalidRowError(message)
    return [
        {"role": role, "content": text}
        for prompt, response in zip(prompts, responses, strict=True)
        for role, text in (("user", prompt), ("assistant", response))
    ]


ARENA = Shape(
    "arena",
    "Chatbot Arena and MT-Bench: two conversations, each of its own model",
    _is_arena,
    _convert_arena,
)


def _convert_shp(row: Fields, _count: int) -> Iterator[Fields]:
    candidates = [require(row, f"human_ref_{side}") for side in "AB"]
    rest = without(row, "history", "human_ref_A", "human_ref_B")
    yield {**rest, "prompt": require(row, "history"), "candidates": candidates}


SHP = Shape(
    "shp",
    "Stanford Human Preferences: a post and two comments",
    has_columns("history", "human_ref_A", "human_ref_B"),
    _convert_shp,
)

SAFER_COLUMNS = tuple(f"response_{number}{end}" for number in (0, 1) for end in ("", "_source"))


def _convert_safer_rlhf(row: Fields, _count: int) -> Iterator[Fields]:
    candidates = [require(row, f"response_{number}") for number in (0, 1)]
    models = [row.get(f"response_{number}_source") for number in (0, 1)]
    yield {
        **without(row, *SAFER_COLUMNS),
        "prompt": require(row, "prompt"),
        "candidates": candidates,
        **({"models": models} if any(models) else {}),
    }


SAFER_RLHF = Shape(
    "saferlhf",
    "PKU-SafeRLHF: two responses numbered from 0",
    has_columns("prompt", "response_0", "response_1"),
    _convert_safer_rlhf,
)

HELPSTEER_SCORES = ("helpfulness", "correctness", "coherence", "complexity", "verbosity")


HELPSTEER_RESPONSES = (
    *("response", "response1", "response2", "response_1", "response_2"),
    *("original_response", "edited_response", "good_edited_response", "bad_edited_response"),
)
HELPSTEER_PAIRS = (
    ("response1", "response2"),
    ("original_response", "edited_response"),
    ("good_edited_response", "bad_edited_response"),
)
HELPSTEER_MARKER = "<extra_id_1>"
"""Begins each turn after the first."""


def _is_helpsteer(row: Fields) -> bool:
    is_rated = has_columns("prompt", "response", *HELPSTEER_SCORES)(row)
    is_pair = any(has_columns("context", *names)(row) for names in HELPSTEER_PAIRS)
    has_response = is_pair or has_columns("context", "response")(row)
    return is_rated or (has_response and is_conversation(cell(row, "context")))


def _convert_helpsteer(row: Fields, count: int) -> Iterator[Fields]:
    names = [name for name in HELPSTEER_RESPONSES if row.get(name)]
    if count == len(HELPSTEER_PAIRS[-1]) < len(names):  # the response beside two edits of it
        names = [name for name in HELPSTEER_PAIRS[-1] if name in names]
    if not names:
        require(row, "response", "response1", "response_1")
    rest = without(row, "context", "prompt", *names)
    prompt = require(row, "context", "prompt")
    if isinstance(prompt, str) and HELPSTEER_MARKER in prompt:
        prompt = f"{HELPSTEER_MARKER}User\n{prompt}"
    yield {**rest, "prompt": prompt, "candidates": [require(row, name) for name in names]}


HELPSTEER = Shape(
    "helpsteer",
    "HelpSteer 1 to 3: one rated response, or two responses to a conversation",
    _is_helpsteer,
    _convert_helpsteer,
)


def _is_ultrafeedback(row: Fields) -> bool:
    completions = cell(row, "completions")
    return (
        "instruction" in row
        and isinstance(completions, list)
        and all(isinstance(part, Mapping) and "response" in part for part in completions)
    )


OWN_SYSTEM = "custom_system_prompt"


def _with_own_systems(prompt: object, completions: list[object]) -> list[object]:
    """Return completions as conversations, if models were given system messages of their own."""
    parts = [part for part in completions if isinstance(part, Mapping)]
    if len(parts) < len(completions) or not any(part.get(OWN_SYSTEM) for part in parts):
        return completions
    return [
        {**without(part, OWN_SYSTEM, "response"), "messages": _conversation_of(prompt, part)}
        for part in parts
    ]


def _conversation_of(prompt: object, completion: Fields) -> list[Fields]:
    turns = [("user", prompt), ("assistant", completion.get("response"))]
    if completion.get(OWN_SYSTEM):
        turns.insert(0, ("system", completion[OWN_SYSTEM]))
    return [{"role": role, "content": text} for role, text in turns]


def _convert_ultrafeedback(row: Fields, _count: int) -> Iterator[Fields]:
    if "completions" in row:
        rest = without(row, "instruction", "completions", "models")
        prompt, completions = require(row, "instruction"), require_list(row, "completions")
        candidates: object = _with_own_systems(prompt, cast("list[object]", completions))
    else:
        rest = without(row, "prompt", "chosen", "rejected", "messages", "instruction")
        prompt = require(row, "prompt", "instruction")
        candidates = [require(row, name) for name in ("chosen", "rejected")]
    yield {**rest, "prompt": prompt, "candidates": candidates}


ULTRAFEEDBACK = Shape(
    "ultrafeedback",
    "UltraFeedback: several completions, each with its model; or the binarized pairs",
    _is_ultrafeedback,
    _convert_ultrafeedback,
)

GENERATION_MODELS = ("generation_models", "generation_model", "model_names", "models")
DISTILABEL_COLUMNS = ("system", "system_prompt", "instruction", "input", "prompt", "question")


def _is_distilabel(row: Fields) -> bool:
    has_prompt = any(name in row for name in ("instruction", "input", "prompt"))
    return has_prompt and isinstance(cell(row, "generations"), list)


def _convert_distilabel(row: Fields, _count: int) -> Iterator[Fields]:
    system = next((row[name] for name in DISTILABEL_COLUMNS[:2] if row.get(name)), None)
    models = next((cell(row, name) for name in GENERATION_MODELS if row.get(name)), None)
    if "generations" in row:
        candidates = require_list(row, "generations")
    elif "chosen" in row:
        candidates = [require(row, name) for name in ("chosen", "rejected")]
        models = [row.get(f"{name}_model") for name in ("chosen", "rejected")]
    else:
        candidates = [require(row, "generation", "response")]
        models = [row.get("model_name")]
    used = (*DISTILABEL_COLUMNS, "generations", "generation", "response", *GENERATION_MODELS)
    rest = without(row, *used, "chosen", "rejected", "chosen_model", "rejected_model")
    yield {
        **rest,
        "prompt": require(row, "instruction", "input", "prompt", "question"),
        "candidates": candidates,
        **({"system": system} if system else {}),
        **({"models": models} if isinstance(models, list) and any(models) else {}),
    }


DISTILABEL = Shape(
    "distilabel",
    "distilabel: an instruction with its generations and their models",
    _is_distilabel,
    _convert_distilabel,
)
