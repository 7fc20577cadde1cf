"""A sample of each shape: rows, and the item that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.imports.shapes.rows import Row, assistant, system, user


@dataclass(frozen=True)
class Sample:
    """Rows in a shape, and the item that they become. `named`: the shape must be named."""

    shape: str
    kind: str
    rows: Sequence[Row]
    prompt: Sequence[Row]
    candidates: Sequence[Sequence[Row]]
    models: Sequence[str | None] = ()
    named: bool = False
    meta: Mapping[str, object] = field(default_factory=dict)


HUMAN = (
    "\n\nHuman: Why is the sky blue?\n\nAssistant: Light.\n\nHuman: More, please.\n\nAssistant: "
)

TALK = [user("Why is the sky blue?"), assistant("Light."), user("More, please.")]
SCORES = dict.fromkeys(("helpfulness", "correctness", "coherence", "complexity", "verbosity"), 3)


def oasst(number: str, parent: str | None, role: str, text: str) -> Row:
    """Return one message of Open Assistant."""
    return {
        "message_id": number,
        "parent_id": parent,
        "message_tree_id": "m1",
        "role": role,
        "text": text,
        "lang": "en",
    }


SAMPLES = [
    Sample(
        "hh",
        "comparison",
        [{"chosen": f"{HUMAN}Air scatters it.", "rejected": f"{HUMAN}No."}],
        TALK,
        [[assistant("Air scatters it.")], [assistant("No.")]],
    ),
    Sample(
        "sharegpt",
        "rating",
        [
            {
                "system": "Be brief.",
                "conversations": [
                    {"from": "human", "value": "Weather?"},
                    {"from": "function_call", "value": '{"name": "weather"}'},
                    {"from": "observation", "value": "Rain"},
                    {"from": "gpt", "value": "It rains."},
                ],
            }
        ],
        [
            system("Be brief."),
            user("Weather?"),
            assistant('{"name": "weather"}'),
            {"role": "tool", "content": "Rain"},
        ],
        [[assistant("It rains.")]],
    ),
    Sample(
        "sharegpt",
        "comparison",
        [
            {
                "conversations": [{"from": "human", "value": "Q"}],
                "chosen": {"from": "gpt", "value": "A"},
                "rejected": {"from": "gpt", "value": "B"},
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
    ),
    Sample(
        "arena",
        "comparison",
        [
            {
                "question_id": "q1",
                "model_a": "wren",
                "model_b": "heron",
                "winner": "tie",
                "conversation_a": [user("Q"), assistant("A1"), user("More?"), assistant("A2")],
                "conversation_b": [user("Q"), assistant("B1"), user("More?"), assistant("B2")],
            }
        ],
        [user("Q")],
        [
            [assistant("A1"), user("More?"), assistant("A2")],
            [assistant("B1"), user("More?"), assistant("B2")],
        ],
        ["wren", "heron"],
        meta={"winner": "tie"},
    ),
    Sample(
        "arena",
        "comparison",
        [
            {
                "id": 1,
                "model_a": "wren",
                "model_b": "heron",
                "prompt": '["Q0", "more?"]',
                "response_a": '["A0", "A1"]',
                "response_b": '["B0", "B1"]',
            }
        ],
        [user("Q0")],
        [
            [assistant("A0"), user("more?"), assistant("A1")],
            [assistant("B0"), user("more?"), assistant("B1")],
        ],
        ["wren", "heron"],
    ),
    Sample(
        "oasst",
        "comparison",
        [
            oasst("m1", None, "prompter", "Q"),
            oasst("m2", "m1", "assistant", "A"),
            oasst("m3", "m1", "assistant", "B"),
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"lang": "en"},
    ),
    Sample(
        "oasst",
        "comparison",
        [
            {
                "message_tree_id": "m1",
                "prompt": {
                    **oasst("m1", None, "prompter", "Q"),
                    "replies": [
                        {**oasst("m2", "m1", "assistant", "A"), "replies": []},
                        {**oasst("m3", "m1", "assistant", "B"), "replies": []},
                    ],
                },
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"lang": "en"},
    ),
    Sample(
        "shp",
        "comparison",
        [
            {
                "post_id": "p",
                "history": "My bread is dense.",
                "human_ref_A": "Wait longer.",
                "human_ref_B": "Use less flour.",
                "labels": 1,
            }
        ],
        [user("My bread is dense.")],
        [[assistant("Wait longer.")], [assistant("Use less flour.")]],
        meta={"post_id": "p", "labels": 1},
    ),
    Sample(
        "saferlhf",
        "comparison",
        [
            {
                "prompt": "Q",
                "response_0": "A",
                "response_1": "B",
                "response_0_source": "wren",
                "response_1_source": "heron",
                "better_response_id": 0,
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        ["wren", "heron"],
        meta={"better_response_id": 0},
    ),
    Sample(
        "helpsteer",
        "rating",
        [{"prompt": "Q", "response": "A", **SCORES}],
        [user("Q")],
        [[assistant("A")]],
        meta=SCORES,
    ),
    Sample(
        "helpsteer",
        "comparison",
        [
            {
                "domain": "general",
                "context": [system("Be kind."), user("Q")],
                "response1": "A",
                "response2": "B",
                "overall_preference": -2,
            }
        ],
        [system("Be kind."), user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"domain": "general", "overall_preference": -2},
    ),
    Sample(
        "ultrafeedback",
        "ranking",
        [
            {
                "source": "evol",
                "instruction": "Q",
                "models": ["wren", "heron", "dunlin"],
                "completions": [
                    {"model": model, "response": f"By {number}", "overall_score": number}
                    for number, model in enumerate(["wren", "heron", "dunlin"])
                ],
            }
        ],
        [user("Q")],
        [[assistant(f"By {number}")] for number in range(3)],
        ["wren", "heron", "dunlin"],
        meta={
            "source": "evol",
            "candidate_keys": [{"overall_score": number} for number in range(3)],
        },
    ),
    Sample(
        "ultrafeedback",
        "comparison",
        [
            {
                "prompt": "Q",
                "prompt_id": "abc",
                "chosen": [user("Q"), assistant("A")],
                "rejected": [user("Q"), assistant("B")],
                "messages": [user("Q"), assistant("A")],
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        named=True,
        meta={"prompt_id": "abc"},
    ),
    Sample(
        "distilabel",
        "comparison",
        [
            {
                "system_prompt": "Be kind.",
                "instruction": "Q",
                "generations": ["A", "B"],
                "generation_models": ["wren", "heron"],
                "ratings": [4, 5],
            }
        ],
        [system("Be kind."), user("Q")],
        [[assistant("A")], [assistant("B")]],
        ["wren", "heron"],
        meta={"ratings": [4, 5]},
    ),
    Sample(
        "argilla",
        "comparison",
        [
            {
                "id": "r1",
                "fields": {"prompt": "Q", "response1": "A", "response2": "B"},
                "responses": {"quality": [{"value": 1}]},
                "suggestions": {},
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"given_responses": {"quality": [{"value": 1}]}},
    ),
    Sample(
        "labelstudio",
        "comparison",
        [
            {
                "id": 7,
                "data": {"prompt": "Q", "answer1": "A", "answer2": "B"},
                "annotations": [],
                "predictions": [],
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"annotations": [], "predictions": []},
    ),
    Sample(
        "langfuse",
        "rating",
        [
            {
                "id": "o1",
                "traceId": "t1",
                "input": {"messages": [system("Be kind."), user("Q")], "temperature": 1},
                "output": {"role": "assistant", "content": "A"},
            }
        ],
        [system("Be kind."), user("Q")],
        [[assistant("A")]],
        meta={"traceId": "t1", "input": {"temperature": 1}},
    ),
    Sample(
        "langsmith",
        "rating",
        [
            {
                "id": "e1",
                "inputs": {"messages": [{"type": "human", "content": "Q"}]},
                "outputs": {"generations": [[{"text": "A"}]]},
            }
        ],
        [user("Q")],
        [[assistant("A")]],
    ),
    Sample(
        "openai",
        "rating",
        [{"messages": [{"role": "developer", "content": "Be kind."}, user("Q"), assistant("A")]}],
        [{"role": "developer", "content": "Be kind."}, user("Q")],
        [[assistant("A")]],
        named=True,
    ),
    Sample(
        "openai",
        "comparison",
        [
            {
                "input": {"messages": [user("Q")], "tools": []},
                "preferred_output": [assistant("A")],
                "non_preferred_output": [assistant("B")],
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        meta={"input_keys": {"tools": []}},
    ),
    Sample(
        "alpaca",
        "rating",
        [
            {
                "instruction": "Add.",
                "input": "2+2",
                "output": "4",
                "system": "Be brief.",
                "history": [["Hi", "Hello"]],
            }
        ],
        [system("Be brief."), user("Hi"), assistant("Hello"), user("Add.\n\n2+2")],
        [[assistant("4")]],
    ),
    Sample(
        "trl",
        "comparison",
        [
            {
                "chosen": [user("Q"), assistant("A")],
                "rejected": [user("Q"), assistant("B")],
            }
        ],
        [user("Q")],
        [[assistant("A")], [assistant("B")]],
        named=True,
    ),
    Sample(
        "trl",
        "rating",
        [{"prompt": "Q", "completion": "A", "label": True}],
        [user("Q")],
        [[assistant("A")]],
        named=True,
        meta={"label": True},
    ),
]
