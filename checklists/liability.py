"""Who must repair a damage of parts and facilities, who pays, and who urges: values in, parties out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacts:
    """What is known of a damage: `liability` is developer, company, fund or None while undecided."""

    in_warranty: bool = False
    utility_owned: bool = False
    liability: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "ProblemFacts":
        """Return what the values answered beside a finding tell of who must repair.

        A building defect is the developer's, even where the maintenance fund could pay.
        """
        payer = "fund" if values.get("fund_payable") is True else None
        return cls(
            in_warranty=values.get("in_warranty") is True,
            utility_owned=values.get("utility_owned") is True,
            liability="developer" if values.get("cause") == "build_defect" else payer,
        )


@dataclass(frozen=True, slots=True)
class Liability:
    """Parties to a repair.

    Attributes:
        repairer: utility, developer or company.
        payer: utility, developer, company or fund (the owners' maintenance fund).
        urged_by: who sees that it is done: housing_bureau, subdistrict or neighbourhood.
        together: whether the neighbourhood acts with the repairer.
        because: the fact that decides: utility_owned, in_warranty, developer, fund, company or undecided.
    """

    repairer: str
    payer: str
    urged_by: str
    together: bool
    because: str


_UTILITY = Liability("utility", "utility", "subdistrict", False, "utility_owned")
_WARRANTY = Liability("developer", "developer", "housing_bureau", False, "in_warranty")
_DEVELOPER = Liability("developer", "developer", "housing_bureau", False, "developer")
_FUND = Liability("company", "fund", "neighbourhood", True, "fund")
_COMPANY = Liability("company", "company", "neighbourhood", True, "company")
_UNDECIDED = Liability("company", "company", "neighbourhood", True, "undecided")


def liability(problem: ProblemFacts) -> Liability:
    """Return who repairs, pays and urges; the first that holds decides.

    What a utility owns is the utility's, even within the warranty of the building; then the warranty, then
    the developer's own liability, then the fund or the company, which repair together with the neighbourhood.

    Source: the county's plan, phase 2 and measure 18, duties 2 and 3.
    """
    if problem.utility_owned:
        return _UTILITY
    if problem.in_warranty:
        return _WARRANTY
    decided = {"developer": _DEVELOPER, "fund": _FUND, "company": _COMPANY}
    return decided.get(problem.liability or "", _UNDECIDED)
