"""Posterior: how probable it is that the answers to an item are right together.

Each expert has an accuracy p: the probability of the true answer, or of one within the tolerance of
a scale. Experts answer independently of each other, given the truth, and before the answers every
truth is equally probable (naive Bayes; Philip Dawid and Allan Skene, *Maximum Likelihood Estimation
of Observer Error-Rates Using the EM Algorithm*, 1979, with one parameter for each expert).

- **Verdicts and comparisons.** A wrong answer is any of the other ones with equal probability.
- **Points.** The probability of an answer falls by the same factor with each point of distance
  from the truth. The factor follows from p and the tolerance.
- **Rankings.** Each pair of candidates is a separate question. The posterior of the ranking is
  the mean over the pairs: one minus the expected share of pairs in the wrong order, which is the
  normalized Kendall distance between the ranking and the truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import prod, sqrt
from statistics import fmean, median_low
from typing import NamedTuple, cast

from bot.quality.scales import Scales, points_of, tolerance_of
from bot.quality.votes import Vote, VoteQuestion, VoteValue, main_votes

MIN_OPTIONS = 2
"""Answers that a question has at least. Options that nobody chose do not count: with more of them,
equal answers would be less likely by chance, and the posterior higher."""

PRIOR_ACCURACY = 0.8
PRIOR_ANSWERS = 10
"""What is assumed of an expert without any comparison: the prior counts like ten answers."""

MIN_ACCURACY, MAX_ACCURACY = 0.5, 0.99
"""Limits of an accuracy. An answer never counts against itself, and never decides for certain."""

EM_STEPS = 12
"""Steps of expectation and maximization; the accuracies then change in the third digit."""


class WeightedVotes(NamedTuple):
    """The votes of one answer, and the accuracy of its expert, 0 to 1."""

    accuracy: float
    votes: Sequence[Vote]


class ExpertVotes(NamedTuple):
    """The votes of one answer, and the id of its expert."""

    expert_id: int
    votes: Sequence[Vote]


class GoldCount(NamedTuple):
    """Gold questions that an expert answered, and how many of them correctly."""

    correct: int
    total: int


def item_posterior(ballots: Sequence[WeightedVotes], scales: Scales) -> float:
    """Return the probability, 0 to 1, that the answers to an item say the truth together.

    Of verdicts and comparisons that is the most probable answer, of points a value within the
    tolerance of their lower median. With several criteria, the least certain one counts.
    How much better a response is does not count. Without votes, the posterior is 0.
    """
    by_question: defaultdict[str, list[float]] = defaultdict(list)
    for question, answers in _answers_by_question(ballots).items():
        by_question[question.question].append(_question_posterior(question, answers, scales))
    return min((fmean(parts) for parts in by_question.values()), default=0.0)


def estimate_accuracies(
    items: Sequence[Sequence[ExpertVotes]], gold: Mapping[int, GoldCount], scales: Scales
) -> dict[int, float]:
    """Return the accuracy of each expert, from gold questions and agreement with others.

    Expectation and maximization: given the accuracies, the posteriors of the true answers; given
    those, the accuracies. An item with one answer says nothing about its expert. It does not bias
    the estimate that items with conflicts have more answers.
    """
    compared = [ballots for ballots in items if len(ballots) > 1]
    experts = {ballot.expert_id for ballots in compared for ballot in ballots} | set(gold)
    accuracies = dict.fromkeys(experts, PRIOR_ACCURACY)
    profiles = Counter(tuple(sorted(_hashable(ballots))) for ballots in compared)
    for _ in range(EM_STEPS if profiles else 1):
        accuracies = _maximize(_expected_counts(profiles, accuracies, scales), gold, experts)
    return accuracies


def _hashable(ballots: Iterable[ExpertVotes]) -> Iterable[tuple[int, tuple[Vote, ...]]]:
    return ((ballot.expert_id, tuple(main_votes(ballot.votes))) for ballot in ballots)


class _Count(NamedTuple):
    right: float = 0.0
    total: float = 0.0


def _expected_counts(
    profiles: Mapping[tuple[tuple[int, tuple[Vote, ...]], ...], int],
    accuracies: Mapping[int, float],
    scales: Scales,
) -> dict[int, _Count]:
    """Return how many answers of each expert are expected to be right."""
    counts: defaultdict[int, _Count] = defaultdict(_Count)
    for profile, times in profiles.items():
        ballots = [WeightedVotes(accuracies[expert], votes) for expert, votes in profile]
        posteriors = {
            question: _truth_posterior(question, answers, scales)
            for question, answers in _answers_by_question(ballots).items()
        }
        for expert, votes in profile:
            if votes:
                right = fmean(_expected_match(vote, posteriors, scales) for vote in votes)
                before = counts[expert]
                counts[expert] = _Count(before.right + right * times, before.total + times)
    return counts


def _expected_match(
    vote: Vote, posteriors: Mapping[VoteQuestion, Mapping[VoteValue, float]], scales: Scales
) -> float:
    question = VoteQuestion(vote.question, vote.level, vote.part, vote.is_sided)
    return _mass_near(vote.value, posteriors[question], tolerance_of(vote.question, scales))


def _maximize(
    counts: Mapping[int, _Count], gold: Mapping[int, GoldCount], experts: Iterable[int]
) -> dict[int, float]:
    accuracies = {}
    for expert in experts:
        right, total = counts.get(expert, _Count())
        correct, questions = gold.get(expert, GoldCount(0, 0))
        known = PRIOR_ACCURACY * PRIOR_ANSWERS + right + correct
        accuracies[expert] = _limit(known / (PRIOR_ANSWERS + total + questions))
    return accuracies


def _limit(accuracy: float) -> float:
    return min(MAX_ACCURACY, max(MIN_ACCURACY, accuracy))


_Answers = list[tuple[VoteValue, float]]
"""The values given to one question, each with the accuracy of its expert."""


def _answers_by_question(ballots: Iterable[WeightedVotes]) -> dict[VoteQuestion, _Answers]:
    answers: defaultdict[VoteQuestion, _Answers] = defaultdict(list)
    for accuracy, votes in ballots:
        for question, level, value, part, is_sided in main_votes(votes):
            key = VoteQuestion(question, level, part, is_sided)
            answers[key].append((value, _limit(accuracy)))
    return dict(answers)


def _question_posterior(question: VoteQuestion, answers: _Answers, scales: Scales) -> float:
    posterior = _truth_posterior(question, answers, scales)
    if question.level == "nominal":
        return max(posterior[value] for value, _ in answers)
    middle = median_low([cast("float", value) for value, _ in answers])
    return _mass_near(middle, posterior, tolerance_of(question.question, scales))


def _truth_posterior(
    question: VoteQuestion, answers: _Answers, scales: Scales
) -> dict[VoteValue, float]:
    """Return the posterior of each possible truth."""
    if question.level == "nominal":
        likelihoods = _nominal_likelihoods(answers)
    else:
        tolerance = tolerance_of(question.question, scales)
        likelihoods = _point_likelihoods(answers, points_of(question.question, scales), tolerance)
    total = sum(likelihoods.values())
    return {value: likelihood / total for value, likelihood in likelihoods.items()}


def _nominal_likelihoods(answers: _Answers) -> dict[VoteValue, float]:
    values = list(dict.fromkeys(value for value, _ in answers))
    options: list[VoteValue] = [*values, *[""] * (MIN_OPTIONS - len(values))]
    others = len(options) - 1
    return {
        truth: prod(p if value == truth else (1 - p) / others for value, p in answers)
        for truth in options
    }


def _point_likelihoods(answers: _Answers, points: int, tolerance: int) -> dict[VoteValue, float]:
    given = [(cast("float", value), _distance_factor(p, tolerance)) for value, p in answers]
    values = [value for value, _ in given]
    highest = max(points, *(int(value) for value in values), 1)
    truths = range(min(1, *(int(value) for value in values)), highest + 1)
    return {
        truth: prod(factor ** abs(value - truth) for value, factor in given) for truth in truths
    }


def _distance_factor(accuracy: float, tolerance: int) -> float:
    """Return the factor q by which an answer is less probable with each point of distance.

    On a long scale, the probability within the tolerance t is 1 - 2 q^(t+1) / (1 + q). It is solved
    for q with a tolerance of 0 or 1.
    """
    error = 1 - accuracy
    if tolerance == 0:
        return error / (1 + accuracy)
    return (error + sqrt(error * error + 8 * error)) / 4


def _mass_near(value: VoteValue, posterior: Mapping[VoteValue, float], tolerance: int) -> float:
    if isinstance(value, str):
        return posterior[value]
    return sum(
        share
        for truth, share in posterior.items()
        if abs(cast("float", truth) - value) <= tolerance
    )
