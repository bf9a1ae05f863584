"""Names that checklists do not know, made into names that they do."""

from __future__ import annotations

import re

from checklists.xlsform.cells import Cell, Troubles


def proposed(name: str) -> str:
    """Return a snake_case name made of another: `Wall-Type 2` gives `wall_type_2`, `1` gives `c_1`."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50].strip("_")
    return plain if not plain or plain[0].isalpha() else f"c_{plain}"


def known_name(cell: Cell, *, fits: bool, troubles: Troubles) -> str:
    """Return the name in a cell, or the one that it is taken as when it does not fit."""
    if fits:
        return cell.text
    name = proposed(cell.text)
    if name:
        troubles.leave_out(cell, f"It is taken as {name}.", f"导入为 {name}。")
        return name
    told = "A name of small Latin letters, digits and underscores is needed, such as wall_type."
    troubles.stop(cell, told, "须有由小写字母、数字、下划线组成的名称，例如 wall_type。")
    return cell.text
