from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.knowledge_folder import load_all
from bot.core.submissions.model import Kind, Place
from bot.settings import ROOT, load
from bot.store import migrate
from bot.store.database import Database, open_database
from connectors.open311 import Open311
from tests.fakes.engine import ServerThread
from tests.store.participation import ANSWER, ME, hand_in, happen, taken

SECRET = "კოსტავას 20, ბინა 15"
NOW = time.time()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('open311') / 'cbot.sqlite'}"
    migrate.upgrade(url)
    opened = open_database(url)
    place = Place(SECRET, 41.55123, 45.00567)
    old, new = NOW - 100 * 86_400, NOW - 3600
    hand_in(opened, "old", old, kind=Kind.PROBLEM, category="waste")
    hole = taken(opened, "hole", new, kind=Kind.PROBLEM, category="roads", body=SECRET, place=place)
    happen(opened, hole, "decline", ANSWER, "no_money", now=new + 60)
    idea = taken(opened, "idea", new + 1, conversation="tg:5")
    happen(opened, idea, "publish", now=new + 60, checked=True)
    hand_in(opened, "money", new, kind=Kind.CO_FUNDING, conversation="tg:6")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def url(database: Database) -> Iterator[str]:
    loaded = load_all(ROOT / "knowledge")
    app = Starlette(routes=Open311(database, lambda: loaded, "rustavi").routes())
    with ServerThread(app) as server:
        yield f"{server.url}/open311/v2"


def get(url: str, path: str, **query: str) -> httpx.Response:
    return httpx.get(f"{url}/{path}", params=query)


def test_services_are_the_categories_of_problems_and_ideas(url: str) -> None:
    found = {item["service_code"]: item for item in get(url, "services.json", locale="en").json()}
    assert found["problem.roads"]["service_name"] == "Roads and pavements"
    assert found["problem.roads"]["group"] == "Problem"
    assert "idea.sport" in found
    assert "problem.sport" not in found
    assert not any(code.startswith("co_funding") for code in found)
    root = ElementTree.fromstring(get(url, "services.xml").content)
    assert root.tag == "services"
    assert len(root.findall("service")) == len(found)
    assert root.findtext("service/service_name") == "გზები და ტროტუარი"


def test_requests_of_the_last_ninety_days(url: str) -> None:
    idea, hole = get(url, "requests.json", locale="en").json()
    assert (hole["service_code"], hole["status"]) == ("problem.roads", "closed")
    assert (hole["status_notes"], hole["agency_responsible"]) == ("Declined", "Rustavi City Hall")
    assert (hole["lat"], hole["long"]) == (41.551, 45.006)
    assert hole["description"] == ""
    assert hole["requested_datetime"].endswith("T00:00:00+04:00")
    assert "ველობილიკი" in idea["description"]


def test_nothing_tells_of_a_person_or_of_a_private_text(url: str) -> None:
    for path in ("requests.json", "requests.xml"):
        text = get(url, path, start_date="2020-01-01T00:00:00Z").text
        for secret in (SECRET, "ბინა", ME, ANSWER, "41.55123"):
            assert secret not in text


def test_requests_are_chosen(url: str) -> None:
    everything = get(url, "requests.json", start_date="2020-01-01T00:00:00Z").json()
    assert len(everything) == 3
    [idea] = get(url, "requests.json", status="open").json()
    [hole] = get(url, "requests.json", service_code="problem.roads").json()
    assert get(url, "requests.json", service_code="nope").json() == []
    both = f"{idea['service_request_id']},{hole['service_request_id'].lower()},rubbish"
    assert len(get(url, "requests.json", service_request_id=both).json()) == 2
    assert len(get(url, "requests.json", page="2", page_size="1").json()) == 1
    assert get(url, "requests.json", page="9").json() == []
    one = get(url, f"requests/{idea['service_request_id']}.xml")
    assert one.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(one.content)
    assert root.findtext("request/service_request_id") == idea["service_request_id"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("requests.json", {"status": "maybe"}, 400),
        ("requests.json", {"start_date": "yesterday"}, 400),
        ("requests.json", {"page": "-1"}, 400),
        ("requests.json", {"page_size": "many"}, 400),
        ("requests.json", {"jurisdiction_id": "tbilisi"}, 404),
        ("requests/I-26-9999-X.json", {}, 404),
        ("requests/rubbish.json", {}, 404),
        ("services.yaml", {}, 404),
    ],
)
def test_what_cannot_be_answered_says_why(
    url: str, path: str, query: dict[str, str], status: int
) -> None:
    response = get(url, path, **query)
    assert response.status_code == status
    [error] = response.json()
    assert error["code"] == status
    assert error["description"]
    xml = get(url, path.replace(".json", ".xml"), **query)
    if path.endswith(".json"):
        assert ElementTree.fromstring(xml.content).findtext("error/code") == str(status)


def test_an_enquiry_for_money_is_no_service_request(url: str, database: Database) -> None:
    everything = get(url, "requests.json", start_date="2020-01-01T00:00:00Z").json()
    assert not any(item["service_request_id"].startswith("C") for item in everything)


def test_it_is_off_unless_switched_on(tmp_path: Path) -> None:
    assert not load({"CBOT_ROOT": str(tmp_path)}).open311
    assert load({"CBOT_ROOT": str(tmp_path), "CBOT_OPEN311": "1"}).open311
