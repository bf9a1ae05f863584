"""The commands for people who write checklists: check, compare, publish, keep them in Excel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from checklists.compare import compare
from checklists.document import published_template, template_from_document
from checklists.errors import TemplateFaulty
from checklists.lint import lint
from checklists.model import Template
from server.console import Console, pass_console
from server.programme import publishing, queries

JSON_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("checklist")
def checklist() -> None:
    """Check, compare, publish checklists; take them in from Excel and write them there."""


@checklist.command("lint")
@click.argument("file", type=JSON_FILE)
def lint_file(file: Path) -> None:
    """Name every fault of a checklist file: file, item, fault. Exit code 1 when there is one."""
    faults = lint(_read(file), file=file.name)
    for fault in faults:
        click.echo(f"{fault.file}#{fault.pointer or '/'}: {fault.detail} {fault.detail_zh}")
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"{file.name}: in order, version {template_from_document(_read(file)).version}")


@checklist.command()
@click.argument("file", type=JSON_FILE)
@pass_console
def publish(console: Console, file: Path) -> None:
    """Make a checklist file the current version of its code; tablets get it with their next pull."""
    document = _read(file)
    try:
        with console.transaction() as session:
            template = publishing.publish(session, document, file=file.name, actor=None, now=console.now)
    except TemplateFaulty as error:
        lines = [f"{file.name}#{one['pointer']}: {one['detail']} {one['detail_zh']}" for one in error.errors]
        raise click.ClickException(
            "\n".join(["The checklist is faulty, nothing was published.", *lines])
        ) from error
    click.echo(f"{template.code} is now {template.version}")


@checklist.command("import")
@click.argument("file", type=JSON_FILE)
@click.option("--dry-run", is_flag=True, help="Only tell what is wrong and what it changes.")
@pass_console
def import_form(console: Console, file: Path, dry_run: bool) -> None:
    """Take in a checklist kept as XLSForm (.xlsx, .xls); what is wrong is told cell by cell."""
    from server.programme import form_books  # the rest of the command line does without Excel

    with console.transaction() as session:
        form = form_books.read(session, file, file.name, console.now)
        for trouble in form.troubles:
            click.echo(trouble.told(), err=True)
        if form.document is None:
            bad = sum(trouble.stops for trouble in form.troubles)
            raise click.ClickException(f"{bad} cells must be mended, nothing was published.")
        new = published_template(form.document)
        current = queries.checklist(session, new.code)
        for one in compare(published_template(current.document), new) if current is not None else ():
            click.echo(str(one))
        if not dry_run:
            publishing.publish(session, form.document, file=file.name, actor=None, now=console.now)
    click.echo(f"{new.code} {'would be' if dry_run else 'is now'} {new.version}")


@checklist.command("export")
@click.argument("named")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_console
def export_form(console: Console, named: str, file: Path) -> None:
    """Write a checklist, by its code (T2) or version (sha256:…), as an XLSForm that `import` reads again."""
    from server.programme import form_books  # the rest of the command line does without Excel

    with console.transaction() as session:
        found = queries.checklist(session, named)
        if found is None:
            raise click.ClickException(f"{named} is no published checklist.")
        form_books.write(file.absolute(), found.document)
        click.echo(f"{found.code} {found.version}: {file}")


@checklist.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@pass_console
def diff(console: Console, old: str, new: str, as_json: bool) -> None:
    """Show what NEW changes against OLD; each is a file, a code (T2) or a version (sha256:…)."""
    found = compare(_template(console, old), _template(console, new))
    if as_json:
        rows = [{"what": one.what, "pointer": one.pointer, "old": one.old, "new": one.new} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(str(one))
    click.echo(f"{len(found)} differences" if found else "no difference")


def _template(console: Console, named: str) -> Template:
    file = Path(named)
    if file.is_file():
        return template_from_document(_read(file), file=file.name)
    with console.transaction() as session:
        stored = queries.checklist(session, named)
        if stored is None:
            raise click.ClickException(f"{named} is neither a file nor a published checklist.")
        return published_template(stored.document, file=named)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file.name} is no JSON: {error}") from error
