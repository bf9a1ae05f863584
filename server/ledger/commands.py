"""The ledger on the command line."""

from __future__ import annotations

from time import monotonic

import click

from server.console import Console, pass_console
from server.ledger.errors import FaultyHistory
from server.ledger.verify import Proof, verify


@click.group()
def ledger() -> None:
    """Prove the ledger."""


@ledger.command("verify")
@pass_console
def verify_ledger(console: Console) -> None:
    """Recompute every hash, link and number; name the first fault and exit 1."""
    begun = monotonic()

    def tell(entries: int) -> None:
        click.echo(f"\r{entries:,} entries proved", nl=False, err=True)

    try:
        with console.database.snapshot() as session:
            proof = verify(session, tell)
    except FaultyHistory as fault:
        raise click.ClickException(f"The ledger is broken. {fault}\n台账校验未通过。") from fault
    click.echo(_summary(proof, monotonic() - begun))


def _summary(proof: Proof, took_s: float) -> str:
    years = ", ".join(f"{year}: {count}" for year, count in sorted(proof.years.items())) or "none"
    rate = proof.entries / max(took_s, 1e-6)
    return (
        f"The ledger holds: {proof.cases} cases ({proof.open_cases} open), {proof.entries} entries, "
        f"numbers without gap ({years}); {rate:,.0f} entries/s."
    )
