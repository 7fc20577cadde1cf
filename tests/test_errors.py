"""Tests of expected errors: the docstring is the message, with any details filled in."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from string import Formatter

import pytest

import bot
import handlers
from bot.errors import BotError, FieldsError, NotFoundError
from bot.kinds.base import InvalidAnswerError


def _all_errors() -> Iterator[type[BotError]]:
    for package in (bot, handlers):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    pending = [BotError]
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        yield error


ERRORS = sorted(set(_all_errors()), key=lambda error: f"{error.__module__}.{error.__name__}")


class AnyDetail:
    """A detail that accepts any format specification."""

    def __format__(self, _spec: str) -> str:
        """Return a fixed word."""
        return "something"


def message_of(error: type[BotError]) -> str:
    """Return the docstring of an error class, not an inherited one."""
    return inspect.cleandoc(error.__dict__.get("__doc__") or "")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_message_of_its_own(error: type[BotError]) -> None:
    message = message_of(error)
    assert message.endswith((".", "?", "!", "{hint}"))
    assert "\n\n" not in message
    assert ":class:" not in message


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_message_can_be_formatted(error: type[BotError]) -> None:
    placeholders = {name for _, name, _, _ in Formatter().parse(message_of(error)) if name}
    assert all(name.isidentifier() for name in placeholders)
    if error.__init__ is BotError.__init__:
        message = str(error(**dict.fromkeys(placeholders, AnyDetail())))
        assert "{" not in message


def test_details_fill_the_message_and_stay_available() -> None:
    error = NotFoundError(what="kind", name="humor", hint="Kinds: a, b.")
    assert str(error) == "Unknown kind “humor”. Kinds: a, b."
    assert error.details == {"what": "kind", "name": "humor", "hint": "Kinds: a, b."}


@pytest.mark.parametrize("hostile", ["{name}", "{0}", "{", "}", "{name.__class__}", "%s"])
def test_user_input_is_never_formatted_again(hostile: str) -> None:
    assert hostile in str(NotFoundError(what="kind", name=hostile, hint="none"))


def test_missing_detail_raises() -> None:
    with pytest.raises(KeyError):
        NotFoundError(what="kind")


def test_fields_error_has_a_message_per_field() -> None:
    error = FieldsError({"name": "It is taken", "overlap": "It must be 1 or more"})
    assert str(error) == "Check these fields: It is taken; It must be 1 or more."
    assert error.fields == {"name": "It is taken", "overlap": "It must be 1 or more"}


def test_invalid_answer_names_its_field() -> None:
    error = InvalidAnswerError("verdict", "Please choose one")
    assert (str(error), error.field) == ("Please choose one.", "verdict")
