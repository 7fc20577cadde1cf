"""The rules of names: files, classes, functions, and one noun for each feature."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.source_code import (
    PRODUCT,
    ROOT,
    functions,
    python_files,
    relative_name,
    syntax_tree,
    violations,
)

NOUNS_IN_ING = {"mapping", "onboarding", "ranking", "rating", "routing"}
"""The only words in *-ing* that a file name may end with: they name a feature."""

ADJECTIVE_PARTICIPLES = re.compile(r"^_*(?:[a-z]+ed|drawn|given|kept|made|said|sent|shown|told)$")
"""A function name that is a bare participle, and so does not say what the function does."""

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "service", "common", "misc"}


def test_file_names_in_ing_are_nouns() -> None:
    names = {relative_name(path): path.stem for path in python_files(*PRODUCT, "tests")}
    last_words = {name: stem.rsplit("_", 1)[-1] for name, stem in names.items()}
    wrong = {name for name, word in last_words.items() if word.endswith("ing")}
    assert {name for name in wrong if last_words[name] not in NOUNS_IN_ING} == set()


def test_class_names_are_unique() -> None:
    places: dict[str, list[str]] = {}
    for path in python_files(*PRODUCT):
        if not relative_name(path).startswith("bot/sandbox/"):
            for node in ast.walk(syntax_tree(path)):
                if isinstance(node, ast.ClassDef):
                    places.setdefault(node.name, []).append(relative_name(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


FEATURES = {
    "audit": ("handlers", "bot/slack/views", "bot/services", "storage/queries", "bot/cli"),
    "better_response": ("handlers", "bot/slack/views", "bot/kinds"),
    "campaign": ("handlers", "bot/slack/views", "bot/services", "bot/cli"),
    "correction": ("handlers", "bot/slack/views", "bot/services", "storage/queries", "bot/cli"),
    "daily_limit": ("handlers", "bot/services", "bot/cadence"),
    "digest": ("bot/slack/views", "bot/services", "bot/cli", "bot/slack/outbox"),
    "expert": ("handlers", "bot/slack/views", "bot/services", "storage/queries", "bot/cli"),
    "export": ("handlers", "bot/slack/views", "bot/services", "storage/queries", "bot/cli"),
    "guidelines": ("handlers", "bot/slack/views", "bot/services"),
    "home": ("handlers", "bot/slack/views", "bot/services"),
    "import": ("handlers", "bot/slack/views", "bot/services", "bot/cli"),
    "preferences": ("handlers", "bot/slack/views", "bot/services"),
    "question": ("handlers", "bot/slack/views", "bot/services", "storage/queries"),
    "reminder": ("handlers", "bot/slack/views", "bot/services", "bot/cadence"),
    "review": ("handlers", "bot/slack/views", "bot/services", "storage/queries", "bot/cli"),
    "status": ("handlers", "bot/slack/views", "bot/services", "bot/cli"),
    "workspace_settings": ("handlers", "bot/slack/views", "bot/services", "bot/cli"),
}
"""The noun of each feature, and the layers in which a file or package is named after it."""


@pytest.mark.parametrize("noun", FEATURES)
def test_feature_has_the_same_noun_in_every_layer(noun: str) -> None:
    for layer in FEATURES[noun]:
        paths = [path.relative_to(ROOT / layer) for path in python_files(layer)]
        names = {part.removesuffix(".py") for path in paths for part in path.parts}
        assert any(f"_{noun}" in f"_{name}" for name in names), layer


def test_function_names_are_no_bare_participles() -> None:
    def nameless(path: Path) -> list[object]:
        nodes = functions(syntax_tree(path))
        return [node.name for node in nodes if ADJECTIVE_PARTICIPLES.match(node.name)]

    assert violations(nameless, *PRODUCT) == {}


def test_file_names_are_specific() -> None:
    assert {path.stem for path in python_files(*PRODUCT, "tests")} & VAGUE_NAMES == set()
