"""Answers whose head came whole: Python's own client takes a head cut by a broken line for a complete one."""

from __future__ import annotations

import http.client
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

END_OF_HEAD = frozenset((b"\r\n", b"\n"))


class _LastLine:
    """A stream that remembers the last line read from it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.last = b""

    def readline(self, *limits: int) -> bytes:
        """Return the next line."""
        self.last = self._stream.readline(*limits)
        return self.last

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class WholeHead(http.client.HTTPResponse):
    """An answer that begins only when the empty line after its head has come."""

    def begin(self) -> None:
        """Read the head.

        Raises:
            http.client.RemoteDisconnected: the connection ended before the empty line.
        """
        stream: Any = self.fp
        watched = _LastLine(stream)
        self.fp = watched  # type: ignore[assignment]  # the same stream, looked at
        super().begin()
        if watched.last not in END_OF_HEAD:
            raise http.client.RemoteDisconnected("the head of the answer was cut")
        if self.fp is not None:
            self.fp = stream


class _Connection(HTTPConnection):
    response_class = WholeHead


class _SecureConnection(HTTPSConnection):
    response_class = WholeHead


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections of our own kind."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Session(requests.Session):
    """A session for which an answer with a cut head is a broken connection."""

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())
