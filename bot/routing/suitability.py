"""Whom a task suits: by domain, by language, and by what their skips taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIN_NOT_MY_FIELD_SKIPS = 3
"""Skips as “not my field” after which a domain is taken to be none of the person's."""

MAX_TAG_LENGTH = 60
"""Characters of a domain that are compared."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a task is about, and in which language. Nothing said: it suits anybody."""

    domains: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ExpertSkills:
    """What a person told of themselves, and what their skips taught.

    Who told no domains may be asked about any, who told no languages in any: whoever runs the
    campaign put them into its pool.
    """

    domains: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    unfamiliar_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a task suits somebody: the domains in common, and the language if both named one."""

    domains: tuple[str, ...] = ()
    language: str | None = None


def skills_of(
    domains: Iterable[str], languages: Iterable[str], skipped_domains: Iterable[Sequence[str]]
) -> ExpertSkills:
    """Return what is known of a person.

    `skipped` holds the domains of each task that they skipped as not their field.
    """
    skips_by_domain = Counter(
        tag for topic in skipped_domains for tag in set(map(_normalize_tag, topic))
    )
    unfamiliar = frozenset(
        tag for tag, count in skips_by_domain.items() if count >= MIN_NOT_MY_FIELD_SKIPS
    )
    return ExpertSkills(
        frozenset(map(_normalize_tag, domains)),
        frozenset(map(_main_language, languages)),
        unfamiliar,
    )


def topic_of(item: Topic, campaign: Topic) -> Topic:
    """Return what a task is about: what its item says counts instead of what the campaign says."""
    return Topic(item.domains or campaign.domains, item.language or campaign.language)


def fit_of(skills: ExpertSkills, topic: Topic) -> Fit | None:
    """Say why a task suits a person; None if it does not."""
    shared = _shared_domains(skills, topic)
    if shared is None or not _can_read(skills, topic):
        return None
    return Fit(shared, topic.language if skills.languages else None)


def _shared_domains(skills: ExpertSkills, topic: Topic) -> tuple[str, ...] | None:
    """Return the tags that both name; None if the task has tags and none of them is theirs."""
    familiar = [
        tag for tag in topic.domains if _normalize_tag(tag) not in skills.unfamiliar_domains
    ]
    if topic.domains and not familiar:
        return None
    if not topic.domains or not skills.domains:
        return ()
    return tuple(tag for tag in familiar if _normalize_tag(tag) in skills.domains) or None


def _can_read(skills: ExpertSkills, topic: Topic) -> bool:
    if not topic.language or not skills.languages:
        return True
    return _main_language(topic.language) in skills.languages


def _normalize_tag(tag: str) -> str:
    """Return a tag so that “Law ” and “law” are the same."""
    return " ".join(tag.split())[:MAX_TAG_LENGTH].casefold()


def _main_language(tag: str) -> str:
    """Return the language of a tag such as `de-AT`: who reads one variant reads the others."""
    return _normalize_tag(tag).replace("_", "-").partition("-")[0]
