from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from connectors import meta_signature
from connectors.meta_signature import read_signed_request, signature, signed
from tests.fakes import meta

SECRET = "app-secret"
BODY = meta.escaped({"entry": [{"messaging": [meta.message("200", "რა ღირს?", "m_1", at=1.0)]}]})


def test_check_06_signature_over_raw_escaped_bytes() -> None:
    assert b"\\u10e0" in BODY
    header = meta.sign(SECRET, BODY)
    assert signed([SECRET], BODY, header)
    changed = BODY.replace(b"\\u10e0", b"\\u10e1", 1)
    assert not signed([SECRET], changed, header)
    # The same message written differently is another body.
    rewritten = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert not signed([SECRET], rewritten, header)


def test_check_06_compare_is_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def compare(given: str, right: str) -> bool:
        compared.append((given, right))
        return real(given, right)

    monkeypatch.setattr(meta_signature.hmac, "compare_digest", compare)
    header = meta.sign(SECRET, BODY)
    assert signed([SECRET, "older", "oldest"], BODY, header)
    # Every secret is compared, also after one fitted.
    assert len(compared) == 3


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256",
        "md5=" + hmac.new(SECRET.encode(), BODY, "md5").hexdigest(),
        "sha1=" + hmac.new(SECRET.encode(), BODY, "sha1").hexdigest(),
        "nosuch=00",
        "=",
        "sha256=" + "0" * 64,
        "sha256=" + "0" * 1_000,
        "sha256=ა" + "0" * 63,
        "sha512=" + hmac.new(SECRET.encode(), BODY, "sha512").hexdigest(),
    ],
    # The body holds the time of its making; the names of the tests must not.
    ids=lambda header: (header or str(header)).partition("=")[0],
)
def test_check_05_any_other_header_is_refused_without_an_error(header: str | None) -> None:
    assert not signed([SECRET], BODY, header)


def test_check_79_two_secrets_are_valid_for_a_while() -> None:
    for secret in ("new", "old"):
        assert signed(["new", "old"], BODY, signature(secret, BODY))
    assert not signed(["new"], BODY, signature("old", BODY))
    assert not signed([], BODY, signature("new", BODY))


def request(secret: str, data: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
    code = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(code).decode().rstrip('=')}.{payload}"


def test_check_83_a_signed_request_is_read() -> None:
    data = {"algorithm": "HMAC-SHA256", "user_id": "218471", "issued_at": 1291836800}
    assert read_signed_request(["x", SECRET], request(SECRET, data)) == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "abc",
        "abc.def",
        request("other", {"user_id": "1"}),
        request(SECRET, ["no object"]),
        request(SECRET, {"user_id": "1"}) + "A",
        "ა." + request(SECRET, {}).partition(".")[2],
    ],
)
def test_check_83_a_request_that_was_not_signed_by_us_is_none(text: str) -> None:
    assert read_signed_request([SECRET], text) is None
