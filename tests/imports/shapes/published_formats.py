"""Rows of published formats, and the items that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.imports.shapes.rows import Row, assistant, system, user


@dataclass(frozen=True, slots=True)
class Published:
    """Rows of a format, and the items: prompt, texts of the candidates, and their models."""

    shape: str
    kind: str
    rows: Sequence[Row]
    items: Sequence[tuple[Sequence[Row], Sequence[str], Sequence[str | None]]]


REQUEST = {
    "custom_id": "q-1",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "wren", "messages": [system("Be brief."), user("Q")], "max_tokens": 9},
}

BRIEF: Sequence[Row] = [system("Be brief."), user("Q")]


def answer_of(model: str, text: str) -> Row:
    """Return a row of a batch with the response of a model."""
    choice = {"index": 0, "message": assistant(text), "finish_reason": "stop"}
    body = {"model": model, "choices": [choice], "usage": {"total_tokens": 3}}
    response = {"status_code": 200, "request_id": "r", "body": body}
    return {"id": "b", "custom_id": "q-1", "response": response, "error": None}


NEW_REQUEST = {"custom_id": "q-1", "body": {"instructions": "Be brief.", "input": "Q"}}

NEW_ANSWER = {
    "custom_id": "q-1",
    "response": {
        "body": {
            "model": "wren",
            "output": [
                {"type": "reasoning", "summary": []},
                {"type": "message", "content": [{"type": "output_text", "text": "A"}]},
            ],
        }
    },
}

CLAUDE_REQUEST = {
    "custom_id": "q-1",
    "params": {"system": [{"type": "text", "text": "Be brief."}], "messages": [user("Q")]},
}

CLAUDE_ANSWER = {
    "custom_id": "q-1",
    "result": {
        "type": "succeeded",
        "message": {"model": "wren", "content": [{"type": "text", "text": "A"}]},
    },
}

SAMPLE = {"input": [system("Be brief."), user("Q")], "ideal": ["4", "four"]}
EVENT = {"run_id": "r", "event_id": 1, "sample_id": "s", "created_at": "t"}
SUMMARY = {"text": "S1", "policy": "wren", "note": "n"}
POST = {"id": "t3", "post": "A long post.", "title": "Title", "subreddit": "r"}
LISTS = {"prompt": "Q", "chosen": ["A"], "rejected": ["B", "C"], "models": ["x", "y", "z"]}
JUDGED = {"instruction": "###Task", "output": "Feedback", "orig_instruction": "Q"}
CHOICES = {"question": "Q", "subject": "s", "choices": ["a", "b", "c"], "answer": 1}
LETTERED = [user("Q\n\nA. a\nB. b\nC. c")]


def response_of(turn: int, number: int, text: str, model: str, *, chosen: bool = False) -> Row:
    """Return a response in a conversation of PRISM."""
    own = {"turn": turn, "within_turn_id": number, "if_chosen": chosen, "model_name": model}
    return {**own, "role": "model", "content": text, "score": 50}


PRISM = {
    "conversation_id": "c1",
    "opening_prompt": "Q",
    "conversation_history": [
        {"turn": 0, "role": "user", "content": "Q"},
        response_of(0, 0, "A", "wren"),
        response_of(0, 1, "B", "heron", chosen=True),
        response_of(0, 2, "C", "owl"),
        {"turn": 1, "role": "user", "content": "More?"},
        response_of(1, 0, "D", "heron", chosen=True),
        response_of(1, 1, "E", "heron"),
    ],
}

SECOND_TURN = [user("Q"), assistant("B"), user("More?")]
PROBLEM = {"id": "g-0", "generator": "wren", "problem": "Q", "steps": ["One.", "Two."], "label": 1}

PRM = {
    "labeler": "x",
    "question": {"problem": "Q", "ground_truth_answer": "4"},
    "label": {
        "steps": [
            {"completions": [{"text": "No."}, {"text": "One."}], "chosen_completion": 1},
            {"completions": [{"text": "Two."}], "chosen_completion": 0},
            {"completions": [], "human_completion": {"text": "Three."}},
        ]
    },
}

HC3_ROW = {"question": "Q", "human_answers": ["A", "B"], "chatgpt_answers": ["C"], "source": "s"}
SQUAD_ROW = {"title": "T", "context": "P", "question": "Q", "answers": {"text": ["A", "A", "B"]}}
PROGRAM = {"task_id": "p/0", "prompt": "def f():\n", "canonical_solution": "    return 1\n"}
PASSAGE = [system("P"), user("Q")]
MBPP_ROW = {"task_id": 2, "text": "Write f.", "code": "def f(): ...", "test_list": ["assert f()"]}


def gemini(role: str, *parts: Row) -> Row:
    """Return a message to or from Gemini."""
    return {"role": role, "parts": list(parts)}


GEMINI_ROW = {
    "systemInstruction": gemini("system", {"text": "Be brief."}),
    "contents": [gemini("user", {"text": "Q"}), gemini("model", {"text": "A"})],
}

GEMINI_BATCH = {
    "key": "k",
    "request": {"contents": [{"parts": [{"text": "Q"}]}], "generationConfig": {"temperature": 0}},
    "response": {
        "candidates": [
            {"content": gemini("model", {"text": text}), "finishReason": "STOP"} for text in "AB"
        ],
        "modelVersion": "wren",
    },
}

GEMINI_TOOLS = {
    "contents": [
        gemini("user", {"text": "Q"}),
        gemini("model", {"functionCall": {"name": "f", "args": {"x": 1}}}),
        gemini("user", {"functionResponse": {"name": "f", "response": {"y": 2}}}),
        gemini("model", {"text": "Hm.", "thought": True}, {"text": "A"}),
    ],
}

TOOL_TURNS: Sequence[Row] = [
    user("Q"),
    {"role": "assistant", "content": "", "tool_calls": [{"name": "f", "arguments": {"x": 1}}]},
    {"role": "tool", "content": '{"y":2}'},
]

PUBLISHED = [
    Published("gemini", "rating", [GEMINI_ROW], [(BRIEF, ["A"], [None])]),
    Published("gemini", "demonstration", [GEMINI_ROW], [(BRIEF, [], [])]),
    Published("gemini", "comparison", [GEMINI_BATCH], [([user("Q")], ["A", "B"], ["wren"] * 2)]),
    Published("gemini", "rating", [GEMINI_TOOLS], [(TOOL_TURNS, ["A"], [None])]),
    Published(
        "hc3",
        "comparison",
        [HC3_ROW],
        [([user("Q")], [text, "C"], ["human", "chatgpt"]) for text in "AB"],
    ),
    Published(
        "hc3", "ranking", [HC3_ROW], [([user("Q")], ["A", "B", "C"], ["human", "human", "chatgpt"])]
    ),
    Published(
        "squad",
        "validation",
        [SQUAD_ROW],
        [(PASSAGE, ["A"], [None]), (PASSAGE, ["B"], [None])],
    ),
    Published("squad", "demonstration", [SQUAD_ROW], [(PASSAGE, [], [])]),
    Published(
        "programs", "rating", [PROGRAM], [([user("def f():\n")], ["    return 1\n"], [None])]
    ),
    Published("programs", "rating", [MBPP_ROW], [([user("Write f.")], ["def f(): ..."], [None])]),
    Published(
        "translations",
        "validation",
        [{"translation": {"de": "Hallo.", "en": "Hello."}}],
        [([user("Hallo.")], ["Hello."], [None])],
    ),
    Published("batch", "rating", [REQUEST, answer_of("wren", "A")], [(BRIEF, ["A"], ["wren"])]),
    Published(
        "batch",
        "comparison",
        [answer_of("wren", "A"), answer_of("heron", "B"), REQUEST],
        [(BRIEF, ["A", "B"], ["wren", "heron"])],
    ),
    Published("batch", "rating", [NEW_REQUEST, NEW_ANSWER], [(BRIEF, ["A"], ["wren"])]),
    Published("batch", "rating", [CLAUDE_REQUEST, CLAUDE_ANSWER], [(BRIEF, ["A"], ["wren"])]),
    Published("batch", "demonstration", [REQUEST], [(BRIEF, [], [])]),
    Published("evals", "demonstration", [SAMPLE], [(BRIEF, [], [])]),
    Published("evals", "rating", [SAMPLE], [(BRIEF, ["4"], [None]), (BRIEF, ["four"], [None])]),
    Published(
        "evals",
        "rating",
        [{**EVENT, "type": "sampling", "data": {"prompt": BRIEF, "sampled": ["A"]}}],
        [(BRIEF, ["A"], [None])],
    ),
    Published(
        "evals",
        "rating",
        [{"item": {"question": "Q"}, "sample": {"output_text": "A", "model": "wren"}}],
        [([user("Q")], ["A"], ["wren"])],
    ),
    Published(
        "lm-eval",
        "rating",
        [
            {
                "doc_id": 0,
                "doc": {"q": "Q"},
                "target": "4",
                "arguments": [["Q", {}]],
                "resps": [["A"]],
            }
        ],
        [([user("Q")], ["A"], [None])],
    ),
    Published(
        "webgpt",
        "comparison",
        [
            {
                "question": {"id": "a", "full_text": "Q"},
                "answer_0": "A",
                "answer_1": "B",
                "score_0": 1,
            }
        ],
        [([user("Q")], ["A", "B"], [None, None])],
    ),
    Published(
        "summaries",
        "comparison",
        [{"info": POST, "summaries": [SUMMARY, {"text": "S2", "policy": "ref"}], "choice": 0}],
        [([user("Title\n\nA long post.")], ["S1", "S2"], ["wren", "ref"])],
    ),
    Published(
        "summaries",
        "rating",
        [{"info": POST, "summary": SUMMARY}],
        [([user("Title\n\nA long post.")], ["S1"], ["wren"])],
    ),
    Published(
        "prism",
        "comparison",
        [PRISM],
        [
            ([user("Q")], ["A", "B"], ["wren", "heron"]),
            (SECOND_TURN, ["D", "E"], ["heron", "heron"]),
        ],
    ),
    Published(
        "prism", "ranking", [PRISM], [([user("Q")], ["A", "B", "C"], ["wren", "heron", "owl"])]
    ),
    Published(
        "response-lists",
        "comparison",
        [LISTS],
        [([user("Q")], ["A", "B"], ["x", "y"]), ([user("Q")], ["A", "C"], ["x", "z"])],
    ),
    Published(
        "response-lists", "ranking", [LISTS], [([user("Q")], ["A", "B", "C"], ["x", "y", "z"])]
    ),
    Published(
        "prometheus", "rating", [{**JUDGED, "orig_response": "A"}], [([user("Q")], ["A"], [None])]
    ),
    Published(
        "prometheus",
        "comparison",
        [{**JUDGED, "orig_response_A": "A", "orig_response_B": "B"}],
        [([user("Q")], ["A", "B"], [None, None])],
    ),
    Published("steps", "rating", [PROBLEM], [([user("Q")], ["One.\n\nTwo."], ["wren"])]),
    Published("steps", "validation", [PRM], [([user("Q")], ["One.\n\nTwo.\n\nThree."], [None])]),
    Published("multiple-choice", "rating", [CHOICES], [(LETTERED, ["B. b"], [None])]),
    Published("multiple-choice", "demonstration", [CHOICES], [(LETTERED, [], [])]),
    Published(
        "multiple-choice",
        "ranking",
        [{"question": "Q", "choices": {"text": ["a", "b", "c"], "label": ["A", "B", "C"]}}],
        [([user("Q")], ["a", "b", "c"], [None] * 3)],
    ),
    Published(
        "multiple-choice",
        "rating",
        [{"question": "Q", "mc1_targets": {"choices": ["a", "b", "c"], "labels": [0, 0, 1]}}],
        [(LETTERED, ["C. c"], [None])],
    ),
]
