"""Which tasks suit an expert: by domain, language and earlier skips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIN_NOT_MY_FIELD_SKIPS = 3
"""Skips as “not my field” after which a domain counts as unfamiliar to the expert."""

MAX_TAG_LENGTH = 60
"""Characters of a domain or language that are compared."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Domains and language of a task. Empty: it suits everyone."""

    domains: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ExpertSkills:
    """What an expert's profile and skips say about them.

    An expert without domains gets tasks of any domain, one without languages tasks in any language:
    the coordinator who added them to the campaign decided that.
    """

    domains: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    unfamiliar_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a task suits an expert: shared domains, and the language if both have one."""

    domains: tuple[str, ...] = ()
    language: str | None = None


def skills_of(
    domains: Iterable[str], languages: Iterable[str], skipped_domains: Iterable[Sequence[str]]
) -> ExpertSkills:
    """Return the skills of an expert.

    `skipped_domains` holds the domains of each task that they skipped as “not my field”.
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
    """Return the topic of a task: its item's domains and language override the campaign's."""
    return Topic(item.domains or campaign.domains, item.language or campaign.language)


def fit_of(skills: ExpertSkills, topic: Topic) -> Fit | None:
    """Return why a task suits an expert, or None if it does not."""
    shared = _shared_domains(skills, topic)
    if shared is None or not _can_read(skills, topic):
        return None
    return Fit(shared, topic.language if skills.languages else None)


def _shared_domains(skills: ExpertSkills, topic: Topic) -> tuple[str, ...] | None:
    """Return the domains that both have; None if the task has domains but none suits the expert."""
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
    """Return a tag in a form in which “Law ” and “law” are equal."""
    return " ".join(tag.split())[:MAX_TAG_LENGTH].casefold()


def _main_language(tag: str) -> str:
    """Return the language of a tag such as `de-AT`: readers of one variant read the others."""
    return _normalize_tag(tag).replace("_", "-").partition("-")[0]
