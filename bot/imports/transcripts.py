"""Whole dialogues in one text, with a marker before each turn, as chat templates write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.kinds.content import ChatRole, ConversationTurn


@dataclass(frozen=True)
class TranscriptStyle:
    """How a convention marks turns: the pattern of each marker, and what ends a turn."""

    markers: dict[str, ChatRole]
    separator: str
    end: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern of a marker; its group is the name of the role."""
        names = "|".join(map(re.escape, self.markers))
        return re.compile(self.separator.replace("ROLE", f"({names})"))


ROLE_NAMES: dict[str, ChatRole] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}

STYLES = (
    TranscriptStyle(
        {"Human": "user", "Assistant": "assistant"}, r"(?:\A\s*|\n\n)ROLE:(?: |(?=\n|\Z))"
    ),
    TranscriptStyle(
        {"USER": "user", "ASSISTANT": "assistant", "SYSTEM": "system"},
        r"(?:\A\s*|\s+|</s>)ROLE: ?",
        r"</s>",
    ),
    TranscriptStyle(
        {"User": "user", "Assistant": "assistant", "System": "system"},
        r"(?:\A\s*|\n\n)ROLE:(?: |(?=\n|\Z))",
    ),
    TranscriptStyle(
        {"User": "user", "Human": "user", "Assistant": "assistant", "System": "system"},
        r"(?:\A\s*|\n)ROLE:(?: |(?=\n|\Z))",
    ),
    TranscriptStyle(ROLE_NAMES, r"<\|im_start\|>ROLE\n?", r"<\|im_end\|>"),
    TranscriptStyle(
        {**ROLE_NAMES, "prompter": "user"},
        r"<\|ROLE\|>\n?",
        r"</s>|<\|end\|>|<\|endoftext\|>",
    ),
    TranscriptStyle(
        {"User": "user", "Assistant": "assistant"},
        r"(?:<\uff5cbegin▁of▁sentence\uff5c>)?<\uff5cROLE\uff5c>",  # DeepSeek has wide bars
        r"<\uff5cend▁of▁sentence\uff5c>",
    ),
    TranscriptStyle(
        {**ROLE_NAMES, "ipython": "tool"},
        r"(?:<\|begin_of_text\|>)?<\|start_header_id\|>ROLE<\|end_header_id\|>\n*",
        r"<\|eot_id\|>|<\|eom_id\|>",
    ),
    TranscriptStyle(
        {"user": "user", "model": "assistant"},
        r"(?:<bos>)?<start_of_turn>ROLE\n?",
        r"<end_of_turn>",
    ),
    TranscriptStyle(
        {"System": "system", "User": "user", "Assistant": "assistant"},
        r"\n?<extra_id_[01]>ROLE\n",
    ),
    TranscriptStyle(
        {"Instruction": "user", "Input": "user", "Response": "assistant"},
        r"(?:\A|\n+)### ROLE:\n?",
        r"</s>",
    ),
    TranscriptStyle(
        {"Human": "user", "User": "user", "Assistant": "assistant", "System": "system"},
        r"(?:\A|\n+)### ROLE: ?\n?",
        r"</s>",
    ),
)
"""Conventions, in the order in which they are tried."""

START = re.compile(
    r"<|\[INST\]|### |Human:|User:|USER:|SYSTEM:|System:|A chat between |Below is an instruction "
)
"""How a dialogue may begin: a quick test, because most texts are none."""

PREAMBLE = re.compile(
    r"(A chat between .*?)\s+(?=USER:|Human:|### Human:)"
    r"|(Below is an instruction .*?)\s+(?=### Instruction:)",
    re.DOTALL,
)
"""The system message that Vicuna and Alpaca write before the first turn, without a marker."""

LLAMA2_TURN = re.compile(
    r"\s*(?:<s>)?\s*\[INST\]\s*(?:<<SYS>>\s*(.*?)\s*<</SYS>>\s*)?(.*?)\s*\[/INST\]"
    r"\s*(.*?)\s*(?:</s>|(?=\s*(?:<s>)?\s*\[INST\])|\Z)",
    re.DOTALL,
)


def parse_transcript(text: str) -> tuple[ConversationTurn, ...] | None:
    """Return the turns of a dialogue in one text, None if it is not one.

    A text is a dialogue only if it begins with a marker and has turns of both sides; an unfinished
    turn at the end, to be completed by a response, is left out.
    """
    start = text[:200].lstrip()
    if not START.match(start):
        return None
    if start.startswith(("[INST]", "<s>[INST]", "<s> [INST]")):
        return _parse_llama2(text)
    if preamble := PREAMBLE.match(text):
        turns = parse_transcript(text[preamble.end() :])
        system = ConversationTurn("system", preamble[1] or preamble[2])
        return (system, *turns) if turns else None
    found = (_parse_style(text, style) for style in STYLES if style.pattern.match(text))
    return next(filter(None, found), None)


def _parse_style(text: str, style: TranscriptStyle) -> tuple[ConversationTurn, ...] | None:
    matches = list(style.pattern.finditer(text))
    ends = [*(match.start() for match in matches[1:]), len(text)]
    turns = [
        ConversationTurn(style.markers[match[1]], _content(text[match.end() : end], style))
        for match, end in zip(matches, ends, strict=True)
    ]
    roles = {turn.role for turn in turns}
    if not roles >= {"user", "assistant"}:
        return None
    if not turns[-1].content and turns[-1].role == "assistant":
        turns.pop()
    return tuple(turns) if all(turn.content for turn in turns) else None


def _content(text: str, style: TranscriptStyle) -> str:
    if style.end:
        text = re.split(style.end, text, maxsplit=1)[0]
    return text.strip()


def _parse_llama2(text: str) -> tuple[ConversationTurn, ...] | None:
    turns: list[ConversationTurn] = []
    position = 0
    for match in LLAMA2_TURN.finditer(text):
        if match.start() != position:
            return None
        position = match.end()
        system, user, assistant = match.groups()
        turns += [ConversationTurn("system", system)] if system else []
        turns.append(ConversationTurn("user", user))
        turns += [ConversationTurn("assistant", assistant)] if assistant else []
    return tuple(turns) if turns and not text[position:].strip() else None
