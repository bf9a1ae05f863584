"""Which pictures lie in which cells of a workbook's first sheet: floating over them, or put in by WPS."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

Cell = tuple[int, int]
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DISPIMG = re.compile(r'DISPIMG\("([^"]+)"')
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
# Descriptions of pictures are small; what unfolds to more is no workbook of an office.
MOST_XML_BYTES = 200_000_000


def pictures_at(archive: zipfile.ZipFile) -> dict[Cell, list[str]]:
    """Return the parts of a workbook that hold each cell's pictures (row as Excel counts, column from 0).

    A workbook without pictures, or whose description of them cannot be read, has none.
    """
    found: dict[Cell, list[str]] = {}
    try:
        sheet = _first_sheet(archive)
        for cell, part in [*_floating(archive, sheet), *_in_cells(archive, sheet)]:
            if part in archive.NameToInfo:
                found.setdefault(cell, []).append(part)
    except (KeyError, ParseError, ValueError, zipfile.BadZipFile):
        return {}
    return found


def _first_sheet(archive: zipfile.ZipFile) -> str:
    book = _xml(archive, "xl/workbook.xml")
    first = book.find(f"{_SHEET}sheets/{_SHEET}sheet")
    if first is None:
        raise KeyError("sheet")
    return _targets(archive, "xl/workbook.xml")[first.attrib[f"{_LINK}id"]]


def _floating(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[Cell, str]]:
    for drawing in _targets(archive, sheet).values():
        if "/drawings/drawing" not in drawing:
            continue
        targets = _targets(archive, drawing)
        for anchor in _xml(archive, drawing):
            begin = anchor.find(f"{_DRAWING}from")
            if begin is None:
                continue
            cell = (_number(begin, "row") + 1, _number(begin, "col"))
            for blip in anchor.iter(f"{_MAIN}blip"):
                yield cell, targets.get(blip.attrib.get(f"{_LINK}embed", ""), "")


def _in_cells(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[Cell, str]]:
    """Yield what WPS puts into cells as =DISPIMG("ID_…", 1)."""
    if "xl/cellimages.xml" not in archive.NameToInfo:
        return
    targets, parts = _targets(archive, "xl/cellimages.xml"), {}
    for picture in _xml(archive, "xl/cellimages.xml").iter(f"{_DRAWING}pic"):
        name, blip = picture.find(f".//{_DRAWING}cNvPr"), picture.find(f".//{_MAIN}blip")
        if name is not None and blip is not None:
            parts[name.attrib.get("name", "")] = targets.get(blip.attrib.get(f"{_LINK}embed", ""), "")
    _bounded(archive, sheet)
    with archive.open(sheet) as content:
        for _, one in iterparse(content):
            if one.tag == f"{_SHEET}c":
                shown = _DISPIMG.search(one.findtext(f"{_SHEET}f") or "")
                if shown and shown[1] in parts:
                    yield _cell(one.attrib["r"]), parts[shown[1]]
                one.clear()


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return what a part refers to, by the id of the reference, as names of other parts."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.NameToInfo:
        return {}
    return {
        one.attrib.get("Id", ""): posixpath.normpath(
            posixpath.join("/", folder, one.attrib.get("Target", ""))
        ).lstrip("/")
        for one in _xml(archive, listed)
        if one.attrib.get("TargetMode") != "External"
    }


def _xml(archive: zipfile.ZipFile, part: str) -> Element:
    _bounded(archive, part)
    return fromstring(archive.read(part))


def _bounded(archive: zipfile.ZipFile, part: str) -> None:
    if archive.getinfo(part).file_size > MOST_XML_BYTES:
        raise ValueError(part)


def _number(begin: Element, name: str) -> int:
    return int(begin.findtext(f"{_DRAWING}{name}") or 0)


def _cell(reference: str) -> Cell:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1
