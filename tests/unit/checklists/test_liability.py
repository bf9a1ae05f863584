"""Who repairs, who pays and who urges, for every combination of what can be known."""

from itertools import product

import pytest

from checklists.liability import Liability, ProblemFacts, liability

TABLE: list[tuple[ProblemFacts, Liability]] = [
    (ProblemFacts(), Liability("company", "company", "neighbourhood", True, "undecided")),
    (ProblemFacts(liability="company"), Liability("company", "company", "neighbourhood", True, "company")),
    (ProblemFacts(liability="fund"), Liability("company", "fund", "neighbourhood", True, "fund")),
    (
        ProblemFacts(liability="developer"),
        Liability("developer", "developer", "housing_bureau", False, "developer"),
    ),
    (
        ProblemFacts(in_warranty=True, liability="fund"),
        Liability("developer", "developer", "housing_bureau", False, "in_warranty"),
    ),
    (
        ProblemFacts(utility_owned=True, in_warranty=True, liability="developer"),
        Liability("utility", "utility", "subdistrict", False, "utility_owned"),
    ),
]


@pytest.mark.parametrize(("problem", "expected"), TABLE)
def test_the_table_says_who_repairs_who_pays_and_who_urges(
    problem: ProblemFacts, expected: Liability
) -> None:
    assert liability(problem) == expected


def test_every_combination_has_an_answer_and_only_the_fund_pays_for_another() -> None:
    for owned, warranty, liable in product(
        (True, False), (True, False), ("developer", "company", "fund", None)
    ):
        found = liability(ProblemFacts(utility_owned=owned, in_warranty=warranty, liability=liable))

        assert (found.repairer == "utility") == owned
        assert found.payer in (found.repairer, "fund")
        assert found.together == (found.repairer == "company")
