"""Warnings about the answers of a campaign: agreement, jumps, and suspicious patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from bot.clock import format_day
from bot.quality.agreement.agreement import Agreement
from bot.quality.norms import NORMS, compare_to_norm
from bot.quality.reliability.jumps import Jump
from bot.quality.reliability.patterns import (
    FastAnswers,
    Finding,
    PositionBias,
    RepeatedAnswer,
)
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.services.reports.agreement_figures import AgreementFigures
from bot.services.reports.remedies import (
    EDIT_GUIDELINES,
    LIST_EXPERTS,
    REVIEW,
    CampaignWarning,
)
from storage.queries.needs_attention import MemberAvailability


def answer_warnings(
    figures: AgreementFigures, members: Sequence[MemberAvailability]
) -> Iterator[CampaignWarning]:
    """Yield the warnings about the answers of a campaign, from its agreement figures."""
    yield from _agreement_warnings(figures.questions)
    for jump in figures.jumps:
        yield CampaignWarning("answers", describe_campaign_jump(jump), (REVIEW,))
    yield from _pattern_warnings(figures, members)


def _agreement_warnings(questions: Mapping[str, Agreement]) -> Iterator[CampaignWarning]:
    for question, agreement in questions.items():
        if agreement.alpha.high is not None and agreement.alpha.high < 0:
            yield CampaignWarning(
                "agreement",
                f"experts contradict each other on {question} (alpha {agreement.alpha.value:.2f}): "
                "check whether some read the scale or the guidelines the other way round",
                (EDIT_GUIDELINES, REVIEW),
            )
        elif compare_to_norm(agreement.alpha, question) == "below":
            norm = NORMS[question]
            yield CampaignWarning(
                "agreement",
                f"agreement on {question} is lower than usual {norm.description} "
                f"(alpha {agreement.alpha.value:.2f}, usually {norm.low:g} to {norm.high:g})",
                (EDIT_GUIDELINES, REVIEW),
            )


def describe_campaign_jump(jump: Jump) -> str:
    """Return how a week of a campaign differs from the weeks before."""
    return f"all experts together {describe_jump(jump)}"


def _pattern_warnings(
    figures: AgreementFigures, members: Sequence[MemberAvailability]
) -> Iterator[CampaignWarning]:
    for member in members:
        expert = figures.experts.get(member.expert_id)
        for finding in expert.findings if expert else ():
            name = member.name or member.pseudonym
            yield CampaignWarning("answers", f"{name} {describe_finding(finding)}", (LIST_EXPERTS,))


def describe_finding(finding: Finding) -> str:
    """Return what is suspicious about an expert's answers, as a phrase after their name."""
    match finding:
        case PositionBias(position, chosen, total):
            return f"chose response {'AB'[position]} in {chosen:,} of {total:,} comparisons"
        case RepeatedAnswer(count, total, share):
            same = f"gave the same answer to {count:,} of {total:,} items"
            return f"{same}; others give it to {share:.0%}"
        case FastAnswers(seconds, None):
            return f"answers in {max(seconds, 1):.0f} sec or less, faster than anyone can read"
        case FastAnswers(seconds, others_seconds):
            return f"answers in {seconds:.0f} sec; others take {others_seconds:.0f} sec"
        case PeerEvidence(pattern, _, compared, since, _):
            verb = {
                "chance": "agrees with the others no more than by chance",
                "reversed": "answers the opposite of the others, as if the scale were reversed,",
            }[pattern]
            start = f", from answer {since:,} on" if since > 1 else ""
            return f"{verb} in {compared:,} compared answers{start}"
        case Jump():
            return describe_jump(finding)
    assert_never(finding)


def describe_jump(jump: Jump) -> str:
    """Return how a week differs from the weeks before, as a phrase after the expert's name."""
    week = f"in the week of {format_day(jump.week)}"
    match jump.figure:
        case "agreement":
            change = f"agreed with {jump.after:.0%} of the others' answers"
        case "gold":
            change = f"answered {jump.after:.0%} of the gold questions correctly"
        case "side":
            change = f"chose response A in {jump.after:.0%} of the comparisons"
        case "pace":
            return f"took {jump.after:.0f} sec per answer {week}, and {jump.before:.0f} sec before"
    return f"{change} {week}, and {jump.before:.0%} before"
