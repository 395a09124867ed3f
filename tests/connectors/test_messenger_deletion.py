"""Check 83 of the channels' rules: Facebook's request to delete somebody's data."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import httpx

from tests.connectors.messenger_world import Town, town

__all__ = ["town"]


def signed_request(secret: str, user_id: str) -> str:
    data = {"user_id": user_id, "algorithm": "HMAC-SHA256", "issued_at": 1291836800}
    payload = base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")
    code = hmac.new(secret.encode(), payload, hashlib.sha256).digest()
    return (base64.urlsafe_b64encode(code).rstrip(b"=") + b"." + payload).decode()


def ask(town: Town, signed: str) -> httpx.Response:
    return httpx.post(f"{town.meta.url}/data-deletion", data={"signed_request": signed})


def test_check_83_a_request_gets_a_code_and_a_page_that_says_honestly_what_to_do(
    town: Town,
) -> None:
    response = ask(town, signed_request("app-secret", "218471"))
    assert response.status_code == 200
    answer = response.json()
    code = answer["confirmation_code"]
    assert answer == {
        "url": f"http://chat.example.ge/data-deletion/{code}",
        "confirmation_code": code,
    }
    # Asking again gives the same; another person gets another.
    assert ask(town, signed_request("app-secret", "218471")).json() == answer
    assert ask(town, signed_request("app-secret", "9")).json()["confirmation_code"] != code
    page = httpx.get(f"{town.url}/data-deletion/{code}")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for words in (code, "ვერ ვიპოვეთ", "We could not find it"):
        assert words in page.text
    # Nothing in the database tells who asked.
    stored = town.database.call(
        lambda connection: connection.exec_driver_sql("SELECT * FROM deletion_requests").all()
    )
    assert "218471" not in str(stored)


def test_check_83_a_bad_signature_is_403_and_an_unknown_code_404(town: Town) -> None:
    for signed in ("", "x", "a.b", signed_request("other", "1")):
        assert ask(town, signed).status_code == 403
    assert httpx.post(f"{town.meta.url}/data-deletion", content=b"\xff").status_code == 403
    assert httpx.post(f"{town.meta.url}/data-deletion", content=b"0" * 30_000).status_code == 413
    page = httpx.get(f"{town.url}/data-deletion/%3Cscript%3E")
    assert page.status_code == 404
    assert "<script>" not in page.text
    assert "ასეთი კოდი არ გვაქვს" in page.text
