"""Errors that people can cause: the docstring is the sentence, whatever is put into it."""

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
    waiting = [BotError]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        yield found


ERRORS = sorted(set(_all_errors()), key=lambda error: f"{error.__module__}.{error.__name__}")


class Anything:
    """A fact that can be written in any format."""

    def __format__(self, _spec: str) -> str:
        """Return a word."""
        return "something"


def sentence_of(error: type[BotError]) -> str:
    """Return the docstring of an error class itself."""
    return inspect.cleandoc(error.__dict__.get("__doc__") or "")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_says_a_sentence_of_its_own(error: type[BotError]) -> None:
    sentence = sentence_of(error)
    assert sentence.endswith((".", "?", "!", "{hint}"))
    assert "\n\n" not in sentence
    assert ":class:" not in sentence


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_no_error_can_fail_to_say_its_sentence(error: type[BotError]) -> None:
    places = {place for _, place, _, _ in Formatter().parse(sentence_of(error)) if place}
    assert all(place.isidentifier() for place in places)
    if error.__init__ is BotError.__init__:
        said = str(error(**dict.fromkeys(places, Anything())))
        assert "{" not in said


def test_the_facts_fill_the_sentence_and_stay_at_hand() -> None:
    error = NotFoundError(what="kind", name="humour", hint="Kinds: a, b.")
    assert str(error) == "Unknown kind “humour”. Kinds: a, b."
    assert error.details == {"what": "kind", "name": "humour", "hint": "Kinds: a, b."}


@pytest.mark.parametrize("hostile", ["{name}", "{0}", "{", "}", "{name.__class__}", "%s"])
def test_what_somebody_typed_is_never_read_as_a_place_to_fill(hostile: str) -> None:
    assert hostile in str(NotFoundError(what="kind", name=hostile, hint="none"))


def test_a_sentence_without_its_facts_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError):
        NotFoundError(what="kind")


def test_several_wrong_fields_are_told_each_at_its_place() -> None:
    error = FieldsError({"name": "It is taken", "overlap": "It must be 1 or more"})
    assert str(error) == "Please look again: It is taken; It must be 1 or more."
    assert error.fields == {"name": "It is taken", "overlap": "It must be 1 or more"}


def test_a_wrong_answer_names_its_field() -> None:
    error = InvalidAnswerError("verdict", "Please choose one")
    assert (str(error), error.field) == ("Please choose one.", "verdict")
