"""Passages of a form: every turn of the prompt, and each response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import Passage

ROLE_TITLES = {
    "system": "System",
    "developer": "Developer",
    "user": "User",
    "assistant": "Assistant",
    "tool": "Tool",
}

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")


def prompt_passages(content: Content) -> tuple[Passage, ...]:
    """Return the prompt as one passage, or a conversation as one per turn, titled by its role.

    The media of a prompt are shown with its last turn.
    """
    if not content.prompt:
        return (Passage("prompt", "Prompt", "", media=content.media),) if content.media else ()
    if len(content.prompt) == 1:
        (turn,) = content.prompt
        title = "Prompt" if turn.role == "user" else turn_title(turn)
        return (Passage("prompt", title, turn_text(turn), media=content.media),)
    last_number = len(content.prompt)
    return tuple(
        Passage(
            f"turn{number}",
            turn_title(turn),
            turn_text(turn),
            media=content.media if number == last_number else (),
        )
        for number, turn in enumerate(content.prompt, start=1)
    )


def response_passage(key: str, title: str, candidate: Candidate) -> Passage:
    """Return one candidate as a passage, without its model and author.

    Turns that only this candidate has come first, each under its role.
    """
    response = ConversationTurn("assistant", candidate.text, candidate.extra)
    text = turn_text(response)
    if candidate.turns:
        turns = (*candidate.turns, response)
        text = "\n\n".join(f"**{turn_title(turn)}**\n\n{turn_text(turn)}" for turn in turns)
    return Passage(key, title, text, media=candidate.media)


def turn_title(turn: ConversationTurn) -> str:
    """Return the role of a turn, with the name of who speaks if it has one."""
    name = turn.extra.get("name")
    return f"{ROLE_TITLES[turn.role]} ({name})" if name else ROLE_TITLES[turn.role]


def turn_text(turn: ConversationTurn) -> str:
    """Return all of a turn that experts judge: reasoning, text and tool calls."""
    if not turn.extra:
        return turn.content
    parts = [
        *(f"Reasoning: {turn.extra[key]}" for key in REASONING_KEYS if turn.extra.get(key)),
        *([turn.content] if turn.content.strip() else []),
        *_tool_calls(turn.extra),
    ]
    return "\n\n".join(parts)


def _tool_calls(extra: Mapping[str, object]) -> Iterator[str]:
    calls = extra.get("tool_calls")
    for call in calls if isinstance(calls, list) else [calls] if calls else []:
        yield _format_call(call)
    if function_call := extra.get("function_call"):
        yield _format_call(function_call)


def _format_call(call: object) -> str:
    """Return a tool call as its name and arguments, anything else as JSON."""
    function = call.get("function", call) if isinstance(call, Mapping) else call
    if not isinstance(function, Mapping) or not function.get("name"):
        return f"Tool call: {_to_text(call)}"
    return f"Tool call: {function['name']}({_to_text(function.get('arguments', ''))})"


def _to_text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
