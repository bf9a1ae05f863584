"""Who serves which compound: some have a company under contract, some have none."""

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
