"""Papers on the command line: their templates and the prefixes of their numbers."""

from __future__ import annotations

from pathlib import Path

import click

from server.console import Console, pass_console
from server.papers import prefixes, templating
from server.papers.kinds import KINDS, TEMPLATES

KIND = click.Choice(list(TEMPLATES))


@click.group()
def papers() -> None:
    """Look after the templates and numbers of official papers."""


@papers.group()
def template() -> None:
    """List, export and replace the Word templates of papers."""


@template.command("list")
@pass_console
def list_templates(console: Console) -> None:
    """Show every kind of paper with the template in force and those before it."""
    with console.transaction() as session:
        found = templating.listed(session)
    for kind in found:
        click.echo(f"{kind['kind']}  {kind['title']}")
        for one in kind["versions"]:
            until = one["valid_to"] or "in force"
            click.echo(f"    {one['origin']}  {one['sha256'][:12]}  {one['valid_from']} – {until}")


@template.command("export")
@click.argument("kind", type=KIND)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_console
def export_template(console: Console, kind: str, file: Path) -> None:
    """Write the template in force into FILE, to be changed in Word."""
    with console.transaction() as session:
        content = templating.in_force(session, kind, console.now).content
    file.write_bytes(content)
    names = ", ".join(field.name for field in TEMPLATES[kind].fields)
    click.echo(f"{TEMPLATES[kind].title}: {file}; its fields: {names}")


@template.command("replace")
@click.argument("kind", type=KIND)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False, default=None
)
@click.option("--standard", is_flag=True, help="Put the template that the product brings in force again.")
@pass_console
def replace_template(console: Console, kind: str, file: Path | None, standard: bool) -> None:
    """Put FILE in force for papers issued from now on; it must use known fields only and render."""
    if (file is None) != standard:
        raise click.UsageError("Name either a file or --standard.")
    content = None if file is None else file.read_bytes()
    with console.transaction() as session:
        templating.replace(session, kind=kind, content=content, actor=None, now=console.now)
    click.echo(f"{TEMPLATES[kind].title}: in force from now on")


@papers.command("prefix")
@click.argument("body")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("prefix")
@pass_console
def set_prefix(console: Console, body: str, kind: str, prefix: str) -> None:
    """Let the numbers of BODY's papers of KIND begin with PREFIX, as 泗城建指督."""
    with console.transaction() as session:
        prefixes.set_prefix(session, body=body, kind=kind, prefix=prefix, actor=None, now=console.now)
    click.echo(f"{body} {kind}: {prefix}〔…〕1号")
