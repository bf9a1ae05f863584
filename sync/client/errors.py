"""What a tablet can meet."""

from __future__ import annotations

from typing import Any


class ClientError(Exception):
    """Anything below."""


class LineDown(ClientError):
    """The server could not be reached, or stayed busy, for as long as the line's patience lasts."""


class Refused(ClientError):
    """The server refused the call; trying again does not help.

    Attributes:
        status: the HTTP status; problem: its problem document, empty when it was none.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('type', '')} {problem.get('detail', '')}".strip())
        self.status = status
        self.problem = problem

    @property
    def slug(self) -> str:
        """The last part of the problem's type, such as `seq-gap`."""
        return str(self.problem.get("type", "")).rpartition("/")[2]


class CheckpointWrong(ClientError):
    """After fetching a bucket anew its checksum still differs from the server's."""


class StoreLost(ClientError):
    """The tablet's own file is damaged beyond its identity."""


class StoreTooNew(ClientError):
    """A newer library has written the tablet's file; this one leaves it alone.

    Attributes:
        found: the number of the file's shape; known: the newest one that this library knows.
    """

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the file has shape {found}, this library knows up to {known}: update the library"
            f"（文件格式为第 {found} 版，本程序只识别到第 {known} 版，请升级程序）"
        )
        self.found, self.known = found, known
