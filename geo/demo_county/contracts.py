"""Who serves which compound: some have a company under contract, some have none."""

from collections.abc import Iterator
from datetime import date
from random import Random

from geo.demo_county.model import DemoCommunity, DemoCompany, DemoContract, stable_id

# Share of communities with a company. Old compounds often look after themselves.
SERVED = {"commodity": 0.9, "old_estate": 0.5, "work_unit_compound": 0.4}
# Owners of newer compounds have not yet met to choose for themselves.
PRELIMINARY_SINCE = 2018


def contract_of(
    random: Random, community: DemoCommunity, companies: tuple[DemoCompany, ...]
) -> DemoContract | None:
    """Return the service contract of a community, or None where no company serves it."""
    company, start = random.choice(companies), random.randint(2023, 2025)
    if random.random() >= SERVED[community.kind]:
        return None
    contract_id = stable_id("contract", community.community_id)
    if community.kind == "commodity" and community.built_year >= PRELIMINARY_SINCE:
        opened = date(community.built_year, 7, 1)
        return DemoContract(contract_id, community.community_id, company.code, "preliminary", opened, None)
    starts_on, ends_on = date(start, 1, 1), date(start + 4, 12, 31)
    return DemoContract(
        contract_id, community.community_id, company.code, "owner_selected", starts_on, ends_on
    )


def former_contracts(
    random: Random, community: DemoCommunity, present: DemoContract, companies: tuple[DemoCompany, ...]
) -> Iterator[DemoContract]:
    """Yield who served a community before its present company, the latest first.

    The first company of a compound with a warranty was hired by the developer, before owners could choose.
    """
    ends_on, company = present.starts_on, present.company_code
    for number in range(1, random.choice((1, 2, 2, 3)) + 1):
        starts_on = date(ends_on.year - random.randint(2, 4), 1, 1)
        opened = date(community.built_year, 7, 1)
        if present.kind == "preliminary" or ends_on <= opened:
            return
        company = random.choice([one.code for one in companies if one.code != company])
        first = community.kind == "commodity" and starts_on <= opened
        yield DemoContract(
            stable_id("contract", community.community_id, number),
            community.community_id,
            company,
            "preliminary" if first else "owner_selected",
            max(starts_on, opened),
            ends_on,
        )
        ends_on = max(starts_on, opened)
