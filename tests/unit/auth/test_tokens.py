"""Access tokens: what they say, and what is no token of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth.errors import NotSignedIn, TokenExpired
from server.auth.tokens import AUDIENCE, Claims, access_token, read_access_token

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SECRET = "s" * 40
USER, DEVICE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("claims", [Claims(USER, None), Claims(USER, DEVICE)])
def test_a_token_says_whose_it_is_and_of_which_tablet(claims: Claims) -> None:
    token = access_token(claims, SECRET, NOW, 3600)

    assert read_access_token(token, SECRET, NOW + timedelta(seconds=3599)) == claims


def test_a_token_ends_with_its_life() -> None:
    token = access_token(Claims(USER, None), SECRET, NOW, 3600)

    with pytest.raises(TokenExpired):
        read_access_token(token, SECRET, NOW + timedelta(seconds=3600))


def test_a_token_signed_elsewhere_is_no_token() -> None:
    with pytest.raises(NotSignedIn):
        read_access_token(access_token(Claims(USER, None), "t" * 40, NOW, 3600), SECRET, NOW)


def test_an_unsigned_token_is_no_token() -> None:
    body = {"sub": str(USER), "aud": AUDIENCE, "iat": 0, "exp": 9999999999}

    with pytest.raises(NotSignedIn):
        read_access_token(jwt.encode(body, "", "none"), SECRET, NOW)


@pytest.mark.parametrize(
    "change", [{"sub": "nobody"}, {"dev": "x"}, {"exp": "soon"}, {"aud": "another"}, {"sub": 7}]
)
def test_a_token_with_odd_claims_is_no_token(change: dict[str, object]) -> None:
    body = {"sub": str(USER), "aud": AUDIENCE, "iat": 0, "exp": 9999999999, **change}

    with pytest.raises(NotSignedIn):
        read_access_token(jwt.encode(body, SECRET, "HS256"), SECRET, NOW)


@given(st.text())
def test_any_text_is_a_token_or_not_and_never_a_fault(text: str) -> None:
    with pytest.raises(NotSignedIn):
        read_access_token(text, SECRET, NOW)
