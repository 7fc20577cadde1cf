"""Whom a task suits: by domain, by language, and by what their skips taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LESSONS = 3
"""Skips as “not my field” after which a domain is taken to be none of the person's."""

LONGEST = 60
"""Characters of a domain that are compared."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a task is about, and in which language. Nothing said: it suits anybody."""

    domains: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """What a person told of themselves, and what their skips taught.

    Who told no domains may be asked about any, who told no languages in any: whoever runs the
    campaign put them into its pool.
    """

    domains: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    strange: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a task suits somebody: the domains in common, and the language if both named one."""

    domains: tuple[str, ...] = ()
    language: str | None = None


def reader_of(
    domains: Iterable[str], languages: Iterable[str], skipped: Iterable[Sequence[str]]
) -> Reader:
    """Return what is known of a person.

    `skipped` holds the domains of each task that they skipped as not their field.
    """
    lessons = Counter(tag for topic in skipped for tag in set(map(_folded, topic)))
    strange = frozenset(tag for tag, count in lessons.items() if count >= LESSONS)
    return Reader(
        frozenset(map(_folded, domains)), frozenset(map(_main_language, languages)), strange
    )


def topic_of(item: Topic, campaign: Topic) -> Topic:
    """Return what a task is about: what its item says counts instead of what the campaign says."""
    return Topic(item.domains or campaign.domains, item.language or campaign.language)


def fit(reader: Reader, topic: Topic) -> Fit | None:
    """Say why a task suits a person; None if it does not."""
    shared = _shared_domains(reader, topic)
    if shared is None or not _reads(reader, topic):
        return None
    return Fit(shared, topic.language if reader.languages else None)


def _shared_domains(reader: Reader, topic: Topic) -> tuple[str, ...] | None:
    """Return the tags that both name; None if the task has tags and none of them is theirs."""
    familiar = [tag for tag in topic.domains if _folded(tag) not in reader.strange]
    if topic.domains and not familiar:
        return None
    if not topic.domains or not reader.domains:
        return ()
    return tuple(tag for tag in familiar if _folded(tag) in reader.domains) or None


def _reads(reader: Reader, topic: Topic) -> bool:
    if not topic.language or not reader.languages:
        return True
    return _main_language(topic.language) in reader.languages


def _folded(tag: str) -> str:
    """Return a tag so that “Law ” and “law” are the same."""
    return " ".join(tag.split())[:LONGEST].casefold()


def _main_language(tag: str) -> str:
    """Return the language of a tag such as `de-AT`: who reads one variant reads the others."""
    return _folded(tag).replace("_", "-").partition("-")[0]
