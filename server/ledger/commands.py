"""The ledger on the command line."""

from __future__ import annotations

from time import monotonic

import click

from server.console import Console, pass_console
from server.ledger.errors import FaultyHistory
from server.ledger.roots import Root, RootKey
from server.ledger.verify import Proof, verify
from server.ledger.verify_roots import verify_roots


@click.group()
def ledger() -> None:
    """Prove the ledger."""


@ledger.command("verify")
@click.option("--key", "keys", multiple=True, help="Id of a key that may have signed too, after a change.")
@click.option("--held", help="The digest of a root that you wrote down: it must be among them.")
@pass_console
def verify_ledger(console: Console, keys: tuple[str, ...], held: str | None) -> None:
    """Recompute every hash, link, number and signed daily root; name the first fault and exit 1."""
    begun = monotonic()
    trusted = (RootKey(console.settings.secret_key).key_id, *keys)

    def tell(entries: int) -> None:
        click.echo(f"\r{entries:,} entries proved", nl=False, err=True)

    try:
        with console.database.snapshot() as session:
            proof = verify(session, tell)
            roots = verify_roots(session, trusted, held)
    except FaultyHistory as fault:
        raise click.ClickException(f"The ledger is broken. {fault}\n台账校验未通过。") from fault
    click.echo(_summary(proof, monotonic() - begun))
    click.echo(_in_words(roots))


def _summary(proof: Proof, took_s: float) -> str:
    years = ", ".join(f"{year}: {count}" for year, count in sorted(proof.years.items())) or "none"
    rate = proof.entries / max(took_s, 1e-6)
    return (
        f"The ledger holds: {proof.cases} cases ({proof.open_cases} open), {proof.entries} entries, "
        f"numbers without gap ({years}); {rate:,.0f} entries/s."
    )


def _in_words(roots: list[Root]) -> str:
    if not roots:
        return "No signed root yet: the scheduler makes one each day. / 尚无签名的每日根。"
    last = roots[-1]
    noun = "root" if len(roots) == 1 else "roots"
    return f"{len(roots)} signed {noun}, the last of {last.says.day}: {last.digest} (key {last.key_id})."
