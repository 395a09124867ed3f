from __future__ import annotations

import io
import time
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from bot.core.knowledge_folder import load_all
from bot.core.ratings import Scale, voter
from bot.settings import ROOT
from bot.store import migrate, ratings
from bot.store.database import open_database
from bot.store.ratings import Round
from connectors.charts import Charts
from connectors.rating_chart import Bar, draw
from tests.fakes.engine import ServerThread

NOW = time.time()
TITLE = {"ka": "ველობილიკი მეჩვიდმეტეში", "en": "A bike lane"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    address = f"sqlite:///{tmp_path_factory.mktemp('charts') / 'cbot.sqlite'}"
    migrate.upgrade(address)
    database = open_database(address)
    for id, closes in (("closed", NOW - 10), ("open", NOW + 864_000)):
        new = Round(id, "rustavi", "", {"ka": "გაზაფხული"}, Scale.STARS, NOW - 99, closes, False)
        database.call(ratings.open_round, new)
        one = database.call(ratings.add_initiative, id, TITLE, TITLE)
        for number in range(6):
            database.call(ratings.rate, one, voter(b"s", f"tg:{number}"), 4, NOW - 50)
    loaded = load_all(ROOT / "knowledge")
    app = Starlette(routes=Charts(database, lambda: loaded, "rustavi").routes())
    with ServerThread(app) as server:
        yield server.url
    database.close()


def test_a_closed_round_has_a_picture(url: str) -> None:
    response = httpx.get(f"{url}/charts/closed.png")
    assert response.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(response.content))
    assert picture.width >= 800
    colours = picture.convert("RGB").getcolors(1 << 20)
    assert (29, 78, 216) in {colour for _count, colour in colours}
    other = httpx.get(f"{url}/charts/closed.png?language=en")
    assert other.content != response.content
    assert httpx.get(f"{url}/charts/closed.png?language=xx").content == response.content


@pytest.mark.parametrize("round_id", ["open", "nope", "..%2Fx"])
def test_an_open_or_unknown_round_has_none(url: str, round_id: str) -> None:
    assert httpx.get(f"{url}/charts/{round_id}.png").status_code == 404


@pytest.mark.parametrize(
    "title",
    ["$x$ ფასი $", "🎉 დღესასწაული", "ა" * 200, "", r"\frac{1}"],
    ids=["dollars", "party", "long", "empty", "formula"],
)
def test_any_title_is_drawn(title: str) -> None:
    picture = draw(title, "", [Bar(title, 3.0, title)] * 25, 5.0)
    assert picture.startswith(b"\x89PNG")


def test_a_round_without_enough_ratings_is_drawn_empty() -> None:
    assert draw("რაუნდი", "შენიშვნა", [], 5.0).startswith(b"\x89PNG")
