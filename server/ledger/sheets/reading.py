"""From a row of a foreign ledger to the fields that it tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.ledger.sheets.fields import FIELDS
from server.ledger.sheets.mapping import LedgerMapping, bind, meant
from server.sheets.cells import CellFault, value_of, written
from server.sheets.columns import Column, Row, plain
from server.sheets.faults import Fault


@dataclass(slots=True)
class Told:
    """What one row tells: values by field, and what is wrong so far."""

    row: int
    values: dict[str, Any]
    titles: Mapping[str, str]
    held: Mapping[str, object]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, name: str, detail: str, detail_zh: str) -> None:
        """Note that a field is wrong, at the column that told it."""
        title = self.titles.get(name, "")
        self.faults.append(Fault(self.row, title, written(self.held.get(title)), detail, detail_zh))


class Reader:
    """Reads the rows of one table by one mapping."""

    def __init__(self, mapping: LedgerMapping, titles: Sequence[str]) -> None:
        """Bind the columns.

        Raises:
            ColumnsMissing: see `mapping.bind`.
            CellFault: a default does not fit its field.
        """
        self._meanings, self._zone = meant(mapping), mapping.zone
        fields = {column.name: column for column in FIELDS}
        self._defaults = {
            name: value_of(fields[name], told, self._zone) for name, told in mapping.defaults.items()
        }
        self._bound = {
            title: replace(column, required=column.required and column.name not in self._defaults)
            for title, column in bind(mapping, titles).items()
        }
        self.titles = {column.name: title for title, column in self._bound.items()}

    def read(self, row: Row) -> Told:
        """Return what a row tells; what cannot be read is a fault, the rest is read all the same."""
        told = Told(row.number, dict(self._defaults), self.titles, row.cells)
        for title, column in self._bound.items():
            try:
                value = self._value(column, row.cells.get(title))
            except CellFault as fault:
                told.wrong(column.name, fault.detail, fault.detail_zh)
                continue
            if value is not None:
                told.values[column.name] = value
        return told

    def _value(self, column: Column, held: object) -> object:
        meanings = self._meanings.get(column.name)
        if meanings and held is not None:
            held = meanings.get(plain(written(held)), held)
        return value_of(column, held, self._zone)
