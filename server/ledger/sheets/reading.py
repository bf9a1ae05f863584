"""From a row of a foreign ledger to the fields that it tells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.ledger.sheets.fields import FIELDS
from server.ledger.sheets.mapping import LedgerMapping, bind, meant
from server.sheets.cells import CellFault, value_of, written
from server.sheets.columns import Column, Row, plain
from server.sheets.rows import CheckedRow


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

    def read(self, row: Row) -> CheckedRow:
        """Return what a row tells; what cannot be read is a fault, the rest is read all the same."""
        told = CheckedRow(row.number, dict(self._defaults), self.titles, row.cells)
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
