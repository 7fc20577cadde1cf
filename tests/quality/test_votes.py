"""Labels in statistical form."""

from __future__ import annotations

from bot.kinds import KINDS
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Preference, Ranking, Rating, Winner
from bot.quality.votes import Vote, VoteQuestion, main_votes, values_by_question, votes_of


def preference(winner: Winner = "left", strength: int | None = None) -> Preference:
    """Return a preference label."""
    return Preference((), Candidate("Left"), Candidate("Right"), winner, strength)


def rating(**points: int) -> Rating:
    """Return a rating label."""
    return Rating((), Candidate("Text"), tuple(points.items()))


def test_preference_votes_for_a_side_and_a_strength() -> None:
    winner = Vote("winner", "nominal", "right", is_sided=True)
    assert votes_of(preference("right")) == (winner,)
    strength = Vote("strength", "ordinal", 3, is_sided=True)
    assert votes_of(preference("right", 3)) == (winner, strength)
    assert main_votes(votes_of(preference("right", 3))) == [winner]


def test_criterion_called_strength_is_no_side() -> None:
    assert main_votes(votes_of(rating(strength=4))) == [Vote("strength", "ordinal", 4)]


def test_both_bad_and_tie_are_different_votes() -> None:
    assert votes_of(preference("both_bad")) != votes_of(preference("tie"))


def test_rating_has_one_vote_per_criterion() -> None:
    assert votes_of(rating(humor=4, clarity=2)) == (
        Vote("humor", "ordinal", 4),
        Vote("clarity", "ordinal", 2),
    )


def test_written_response_has_no_votes() -> None:
    assert votes_of(Demonstration((), "An answer.", None)) == ()


def test_kinds_with_votes() -> None:
    voting = {name for name, kind in KINDS.items() if votes_of(kind.example.label)}
    assert {"comparison", "rating"} <= voting
    assert "demonstration" not in voting


def test_votes_are_grouped_by_question() -> None:
    ballots = [votes_of(rating(humor=4, clarity=2)), votes_of(rating(humor=5))]
    assert values_by_question(ballots) == {
        VoteQuestion("humor", "ordinal", "", is_sided=False): [4, 5],
        VoteQuestion("clarity", "ordinal", "", is_sided=False): [2],
    }


def test_ranking_has_one_vote_per_pair_in_imported_order() -> None:
    candidates = tuple(Candidate(text) for text in "abc")
    assert votes_of(Ranking((), candidates, (2, 1, 2))) == (
        Vote("order", "nominal", "right", "1-2", is_sided=True),
        Vote("order", "nominal", "tie", "1-3", is_sided=True),
        Vote("order", "nominal", "left", "2-3", is_sided=True),
    )
