"""Help: every word that a person may type, or one of them with an example."""

from __future__ import annotations

from difflib import get_close_matches

from bot.desk import Desk
from bot.slack.manifest import COMMAND
from bot.slack.text import escaped
from handlers.triggers import Commanded, Word
from storage.tables import Role

NEAR = (
    "I do not know “{word}”; perhaps you mean *{command} {near}*.\n\n{told}\n\n"
    "*{command} help* tells every word."
)
UNKNOWN = "I do not know “{word}”. This is what I know:\n\n"
MORE = "\n\n*{command} help WORD* tells more of a word."


async def give_help(desk: Desk, command: Commanded) -> str:
    """Say what this person can type; for an unknown word, say so, and tell of the nearest one."""
    role = await desk.role_of(command.person)
    known = {name: word for name, word in command.known.items() if _may(role, word)}
    asked = command.words[0]
    if asked == "help":
        asked = command.spoken.first.lower().removeprefix("/")
        if asked in known:
            return _in_full(asked, known[asked])
    if near := get_close_matches(asked, known, n=1):
        return _about_near(asked, near[0], known[near[0]])
    begins = UNKNOWN.format(word=escaped(asked)) if asked else ""
    lines = "\n".join(_explained(name, word) for name, word in known.items())
    return f"{begins}{lines}{MORE.format(command=COMMAND)}"


def _may(role: Role | None, word: Word) -> bool:
    return word.role is None or role in (word.role, Role.COORDINATOR)


def _about_near(asked: str, near: str, word: Word) -> str:
    return NEAR.format(word=escaped(asked), command=COMMAND, near=near, told=_in_full(near, word))


def _explained(name: str, word: Word) -> str:
    return f"*{_typed(name, word)}* {word.says}"


def _typed(name: str, word: Word) -> str:
    return " ".join(part for part in (COMMAND, name, word.usage) if part)


def _in_full(name: str, word: Word) -> str:
    """Tell all there is to tell of one word."""
    lines = [f"{_explained(name, word)}.", word.more]
    if word.example:
        lines.append(f"For example: `{COMMAND} {name} {word.example}`")
    if word.role:
        lines.append(f"Only for {'coordinators' if word.role == Role.COORDINATOR else SENIORS}.")
    return "\n".join(line for line in lines if line)


SENIORS = "coordinators and senior experts"
