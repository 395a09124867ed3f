from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator

import pytest

from connectors import graph
from connectors.graph import GraphClient, regain_seconds
from connectors.graph_errors import GraphError, Meaning, Refusal, meaning_of, read
from tests.fakes.engine import ServerThread
from tests.fakes.graph import TOKEN_INVALID, FakeGraph
from tests.fakes.graph_rules import Error

TEXT = {"recipient": {"id": "200"}, "messaging_type": "RESPONSE", "message": {"text": "გამარჯობა"}}


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[FakeGraph, str]]:
    fake = FakeGraph()
    with ServerThread(fake.app()) as server:
        yield fake, server.url


@pytest.fixture
def fake(serving: tuple[FakeGraph, str]) -> FakeGraph:
    serving[0].failures.clear()
    return serving[0]


def client_of(url: str, token: str = "EAAG-token") -> GraphClient:
    return GraphClient("100", token, "app-secret", url, "v26.0")


@pytest.fixture
def client(serving: tuple[FakeGraph, str]) -> Iterator[GraphClient]:
    client = client_of(serving[1])
    yield client
    client.close()


def test_check_50_every_send_has_version_type_and_proof(
    client: GraphClient, fake: FakeGraph
) -> None:
    mid = client.send_raw(TEXT)
    assert mid == fake.sent[-1].mid
    request = fake.requests[-1]
    assert request["path"] == "/v26.0/100/messages"
    assert request["payload"]["messaging_type"] == "RESPONSE"
    assert len(request["query"]["appsecret_proof"]) == 64


def test_check_50_the_token_is_in_no_log_and_no_error(
    client: GraphClient,
    fake: FakeGraph,
    caplog: pytest.LogCaptureFixture,
    serving: tuple[FakeGraph, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []
    client.send_raw(TEXT)
    for failing in (client_of(serving[1], "EAAG-wrong"), client_of("http://127.0.0.1:1")):
        with pytest.raises(GraphError) as caught:
            failing.send_raw(TEXT)
        errors.append(caught.value)
        failing.close()
    fake.failures.append(None)
    with pytest.raises(GraphError) as caught:
        client.send_raw(TEXT)
    errors.append(caught.value)
    logged = caplog.text + "".join(map(repr, errors)) + repr(client)
    assert "/v26.0/100/messages" in logged
    for secret in ("EAAG", "app-secret", str(client.auth_args["appsecret_proof"]), "გამარჯობა"):
        assert secret not in logged
    assert all(error.__cause__ is None for error in errors)


def test_check_51_dead_tags_are_refused_by_the_fake_as_by_meta(
    client: GraphClient, fake: FakeGraph
) -> None:
    for tag in ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"):
        with pytest.raises(GraphError, match="100/1893061") as caught:
            client.send_raw({**TEXT, "messaging_type": "MESSAGE_TAG", "tag": tag})
        assert caught.value.meaning is Meaning.WRONG


@pytest.mark.parametrize(
    ("code", "subcode", "meaning"),
    [
        (1, None, Meaning.TEMPORARY),
        (2, None, Meaning.TEMPORARY),
        (1200, None, Meaning.TEMPORARY),
        (4, None, Meaning.RATE_LIMIT),
        (17, None, Meaning.RATE_LIMIT),
        (32, None, Meaning.RATE_LIMIT),
        (613, None, Meaning.RATE_LIMIT),
        (10, 2018278, Meaning.WINDOW_CLOSED),
        (10, 2534022, Meaning.WINDOW_CLOSED),
        (10, 2018065, Meaning.WINDOW_CLOSED),
        (551, None, Meaning.UNREACHABLE),
        (200, 1545041, Meaning.UNREACHABLE),
        (551, 1545041, Meaning.UNREACHABLE),
        (10, 2018108, Meaning.UNREACHABLE),
        (100, 1545041, Meaning.CLOSED_OR_UNREACHABLE),
        (100, 2018001, Meaning.WRONG),
        (100, 1893061, Meaning.WRONG),
        (100, None, Meaning.WRONG),
        (190, 458, Meaning.TOKEN),
        (190, 460, Meaning.TOKEN),
        (190, 463, Meaning.TOKEN),
        (102, None, Meaning.TOKEN),
        (10, None, Meaning.PERMISSION),
        (200, None, Meaning.PERMISSION),
        (230, None, Meaning.PERMISSION),
        (10, 1893063, Meaning.RESTRICTED),
        (368, None, Meaning.RESTRICTED),
        (9999, None, Meaning.WRONG),
    ],
)
def test_every_error_of_the_table_has_its_meaning(
    code: int, subcode: int | None, meaning: Meaning
) -> None:
    assert meaning_of(Refusal(code, subcode)) is meaning


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (500, None, Meaning.TEMPORARY),
        (503, {"error": "text"}, Meaning.TEMPORARY),
        (429, None, Meaning.TEMPORARY),
        (404, None, Meaning.WRONG),
        (400, {"error": {"code": "190"}}, Meaning.WRONG),
        (500, {"error": {"code": 9999}}, Meaning.TEMPORARY),
        (401, {"error": {"code": 190, "error_subcode": 463}}, Meaning.TOKEN),
    ],
)
def test_answers_of_any_shape_are_read(status: int, body: object, meaning: Meaning) -> None:
    assert read(status, body).meaning is meaning


def test_check_54_a_rate_limit_tells_how_long_to_pause(
    client: GraphClient, fake: FakeGraph
) -> None:
    usage = (
        '{"100": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 3}]}'
    )
    for headers, seconds in (({}, graph.PAUSE), ({"X-Business-Use-Case-Usage": usage}, 180.0)):
        fake.failures.append(Error(613, None, headers=headers))
        with pytest.raises(GraphError) as caught:
            client.send_raw(TEXT)
        assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}, None),
        ({"X-App-Usage": '{"call_count":96,"total_time":25}'}, graph.PAUSE),
        ({"X-App-Usage": "no json"}, None),
        ({"X-App-Usage": "[]"}, None),
        ({"X-Business-Use-Case-Usage": '{"1": ["x", {"call_count": "many"}]}'}, None),
    ],
)
def test_the_use_that_meta_reports_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert regain_seconds(headers) == seconds


def test_a_token_that_is_not_valid_is_told_apart(client: GraphClient, fake: FakeGraph) -> None:
    fake.failures.append(TOKEN_INVALID)
    with pytest.raises(GraphError) as caught:
        client.send_raw(TEXT)
    assert caught.value.meaning is Meaning.TOKEN
    assert not caught.value.uncertain


def test_check_59_a_platform_that_hangs_is_given_up_within_ten_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sum(graph.TIMEOUT) <= 10
    monkeypatch.setattr(graph, "TIMEOUT", (0.2, 0.3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = client_of(f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        with pytest.raises(GraphError) as caught:
            client.send_raw(TEXT)
        client.close()
    assert time.monotonic() - start < 10
    # It may have been delivered all the same.
    assert caught.value.uncertain
    assert caught.value.meaning is Meaning.TEMPORARY


def test_a_server_that_refuses_the_connection_has_taken_nothing() -> None:
    client = client_of("http://127.0.0.1:1")
    with pytest.raises(GraphError) as caught:
        client.send_raw(TEXT)
    client.close()
    assert not caught.value.uncertain


def test_a_connection_that_breaks_off_leaves_it_open(client: GraphClient, fake: FakeGraph) -> None:
    fake.failures.append(None)
    with pytest.raises(GraphError) as caught:
        client.send_raw(TEXT)
    assert caught.value.meaning is Meaning.TEMPORARY
