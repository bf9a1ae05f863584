"""When a vote of owners carries: shares of area and of heads, decided from values alone.

The numbers are rows with validity (`server.vote_rule`); the database counts and decides by the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

MATTERS = (
    "procedure_rules",
    "covenant",
    "committee",
    "property_company",
    "fund_use",
    "fund_raise",
    "rebuild",
    "common_use",
    "other",
)
"""What owners decide together, in the order of the Civil Code, article 278."""
FORMS = ("assembly", "poll")
CHOICES = ("for", "against", "abstain", "invalid")
KINDS = ("paper", "proxy")
OUTCOMES = ("passed", "rejected", "no_quorum")

Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that must be reached, or exceeded where it is strict."""

    numerator: int
    denominator: int
    strict: bool = False

    def met(self, part: Amount, whole: Amount) -> bool:
        """Return whether `part` of `whole` is enough; nothing of nothing never is."""
        have, need = part * self.denominator, whole * self.numerator
        return whole > 0 and (have > need if self.strict else have >= need)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a matter needs under one law.

    Attributes:
        base: of whom the approving are a share: of `all` owners, or of those `taking_part`.
        quorum: the share of all owners that must take part; None where the law asks for none.
        by_area: whether areas count beside heads.
        valid_to: the first day on which it no longer holds.
    """

    rule_set: str
    form: str
    matter: str
    base: Literal["all", "taking_part"]
    quorum: Share | None
    approval: Share
    by_area: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Weight:
    """Owners by their heads and by the area that they own exclusively, in m²."""

    heads: int = 0
    area_m2: Decimal = Decimal(0)

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.heads + other.heads, self.area_m2 + other.area_m2)


@dataclass(frozen=True, slots=True)
class Count:
    """A count of ballots: all owners of the register, and those who chose each way."""

    everybody: Weight
    approving: Weight
    against: Weight
    abstaining: Weight
    invalid: Weight = Weight()

    @property
    def taking_part(self) -> Weight:
        """Return who took part: whoever abstains does, an invalid ballot does not."""
        return self.approving + self.against + self.abstaining


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a count means; `quorum` is true where none is needed."""

    outcome: str
    quorum: bool
    approved: bool


def rule_for(rules: Iterable[Rule], form: str, matter: str, on: date) -> Rule | None:
    """Return the rule in force on a day for a matter; polls have one for all matters."""
    wanted = "any" if form == "poll" else matter
    for rule in rules:
        begun = rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)
        if begun and (rule.form, rule.matter) == (form, wanted):
            return rule
    return None


def verdict(rule: Rule, count: Count) -> Verdict:
    """Return whether a count carries under a rule: without a quorum there is no decision at all."""
    quorum = rule.quorum is None or _both(rule, rule.quorum, count.taking_part, count.everybody)
    whole = count.everybody if rule.base == "all" else count.taking_part
    approved = _both(rule, rule.approval, count.approving, whole)
    if not quorum:
        return Verdict("no_quorum", quorum, approved)
    return Verdict("passed" if approved else "rejected", quorum, approved)


def _both(rule: Rule, share: Share, part: Weight, whole: Weight) -> bool:
    by_area = not rule.by_area or share.met(part.area_m2, whole.area_m2)
    return share.met(part.heads, whole.heads) and by_area
