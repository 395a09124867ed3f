from __future__ import annotations

import pytest

from bot.core.rendering.preview import CARDS, QUICK, ROWS, UNDER, Bubble, Shown, preview
from bot.core.replies import Button, Link, Reply, Source

LONG = "ეს სათაური ოც სიმბოლოზე გრძელია"


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"ღილაკი {number}", f"topic:t{number}") for number in range(count))


def shown(reply: Reply) -> dict[str, Shown]:
    return {one.channel: one for one in preview(reply, "წყარო")}


def titles(bubble: Bubble) -> list[str]:
    return [choice.title for row in bubble.rows for choice in row]


@pytest.mark.parametrize(
    ("text", "count", "forms"),
    [
        ("მოკლე.", 0, [""]),
        ("მოკლე.", 3, [UNDER]),
        ("მოკლე.", 4, [QUICK]),
        ("წინადადება. " * 60, 2, [QUICK]),
        ("წინადადება. " * 200, 2, ["", QUICK]),
        ("მოკლე.", 14, ["", CARDS]),
    ],
)
def test_47_messenger_says_what_becomes_of_the_buttons(
    text: str, count: int, forms: list[str]
) -> None:
    one = shown(Reply(text, buttons(count)))["messenger"]
    assert [bubble.form for bubble in one.bubbles] == forms
    assert titles(one.bubbles[-1]) == [button.title for button in buttons(count)]
    assert all(bubble.length <= 1_999 for bubble in one.bubbles)


def test_a_title_that_does_not_fit_is_named_with_its_own_words() -> None:
    reply = Reply("?", (Button(LONG, "act:help"),), links=(Link(LONG * 2, "https://my.gov.ge"),))
    found = {
        channel: [choice.written for choice in one.cut] for channel, one in shown(reply).items()
    }
    assert found == {"web": [], "telegram": [LONG * 2], "messenger": [LONG, LONG * 2]}


def test_the_page_shows_small_print_and_the_others_put_it_into_the_text() -> None:
    source = Source("დადგენილება", "https://matsne.gov.ge/1", "2023-12-29")
    reply = Reply(
        "პასუხი", buttons(3), sources=(source,), links=(Link("გვერდი", "https://rustavi.gov.ge"),)
    )
    found = shown(reply)
    (page,) = found["web"].bubbles
    assert (page.text, page.sources) == ("პასუხი", (("დადგენილება", "29.12.2023"),))
    assert [link.title for link in page.links] == ["გვერდი"]
    (chat,) = found["telegram"].bubbles
    assert chat.text.endswith("https://matsne.gov.ge/1")
    assert (chat.form, titles(chat)[-1]) == (ROWS, "გვერდი")
    (quick,) = found["messenger"].bubbles
    assert quick.text.endswith("გვერდი: https://rustavi.gov.ge")
    assert quick.form == QUICK


def test_pictures_are_messages_of_their_own() -> None:
    found = shown(Reply("რუკა", images=("https://rustavi.gov.ge/map.png",)))
    for channel in ("telegram", "messenger"):
        picture, words = found[channel].bubbles
        assert (picture.picture, words.text) == ("https://rustavi.gov.ge/map.png", "რუკა")
