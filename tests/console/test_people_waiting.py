from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.core.staff import Role
from bot.store import inbox, journal, queues, transcript, waiting
from bot.store.inbox import Lease
from tests.console.people import Desk
from tests.console.residents import asks_for_a_person, photographed, sent, wrote

ANA = "web:ana"


def said(desk: Desk) -> list[tuple[str, str]]:
    lines = desk.site.database.call(transcript.last, ANA)
    return [(line.author or line.sender, str(line.body.get("text"))) for line in lines]


def test_person_takes_over_writes_and_hands_back(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    nino = desk.person()
    assert f"/waiting/{id}" in nino.get("/waiting").text
    assert "ადამიანთან მინდა საუბარი" in nino.get(f"/waiting/{id}").text
    assert nino.post(f"/waiting/{id}/take").status_code == 303
    wrote(desk.site, ANA, "მე თქვენთან მინდა საუბარი", id="2")
    assert desk.site.database.call(inbox.claim, Lease("bot", 9.0), ["web"], 2e9, 9) == []
    nino.post(f"/waiting/{id}/write", words="გამარჯობა, გისმენთ", key="k1")
    nino.post(f"/waiting/{id}/write", words="გამარჯობა, გისმენთ", key="k1")
    assert said(desk)[-1] == ("person", "გამარჯობა, გისმენთ")
    assert [text for _who, text in said(desk)].count("გამარჯობა, გისმენთ") == 1
    assert "გამარჯობა, გისმენთ" in nino.get(f"/waiting/{id}/lines").text
    nino.post(f"/waiting/{id}/hand-back")
    assert desk.site.database.call(queues.inbox_state, 0.0).held == 0
    wrote(desk.site, ANA, "ნაგავზე მაინტერესებს", id="3")
    assert len(desk.site.database.call(inbox.claim, Lease("bot", 9.0), ["web"], 2e9, 9)) == 1
    assert desk.site.database.call(waiting.open_ones) == []
    written = desk.site.database.call(journal.entries, subject=ANA)
    assert [line.action for line in written][::-1] == [
        "conversations.view",
        "conversations.take",
        "conversations.write",
        "conversations.hand_back",
    ]


def test_a_form_the_browser_kept_sends_other_words_too(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    nino = desk.person()
    nino.post(f"/waiting/{id}/take")
    csrf = nino.csrf()
    words = ["გამარჯობა", "გამარჯობა", "რით დაგეხმაროთ?", "გამარჯობა"]
    with ThreadPoolExecutor(4) as pool:
        # A double click, and back and once more.
        list(
            pool.map(
                lambda text: nino.client.post(
                    f"/waiting/{id}/write", data={"csrf": csrf, "key": "k1", "words": text}
                ),
                words,
            )
        )
    assert sorted(text for who, text in said(desk) if who == "person") == sorted(set(words))
    assert len(desk.site.database.call(journal.entries, action="conversations.write")) == 2


def test_everything_a_resident_sends_can_be_read(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    wrote(desk.site, "web:other", "გამარჯობა")
    photographed(desk.site, ANA, "ab12")
    photographed(desk.site, "web:other", "cd34")
    for number, (kind, body) in enumerate(
        (
            ("payload", {"payload": "act:human", "title": "დაველოდები"}),
            ("payload", {"payload": "act:human"}),
            ("attachment", {"attachment": {"type": "image", "media_id": "ab12"}}),
            ("attachment", {"attachment": {"type": "image", "media_id": "ef56"}}),
            ("attachment", {"attachment": {"type": "location", "lat": 41.55, "lon": 45.01}}),
            ("attachment", {"attachment": {"type": "contact", "phone": "599123456"}}),
            ("attachment", {"attachment": {"type": "unsupported", "what": "voice"}}),
            ("own", {}),
            ("raw", {}),
            ("nothing", {}),
        )
    ):
        sent(desk.site, ANA, f"more{number}", kind, body)
    nino = desk.person()
    for path in (f"/waiting/{id}", f"/waiting/{id}/lines"):
        answer = nino.get(f"{path}?language=en")
        assert answer.status_code == 200
        for words in (
            '<span class="key">დაველოდები</span>',
            '<span class="key">Button</span>',
            f'<img class="photo" src="/waiting/{id}/photos/ab12"',
            "a photo that is no longer kept",
            "41.55, 45.01",
            'href="tel:599123456"',
            "being read",
        ):
            assert answer.text.count(words) == 1, words
        assert answer.text.count("cannot be opened here") == 2
        # What answers nothing, as a reaction, is no message.
        assert answer.text.count('<li class="resident">') == 10
    shown = nino.get(f"/waiting/{id}/photos/ab12")
    assert (shown.content, shown.headers["content-type"]) == (b"jpg", "image/jpeg")
    for other in ("cd34", "ef56", "..%2fab12"):
        assert nino.get(f"/waiting/{id}/photos/{other}").status_code == 404
    editor = desk.person(Role.EDITOR, name="editor")
    assert editor.get(f"/waiting/{id}/photos/ab12").status_code == 403


def test_who_looks_at_the_messages_alone_is_written_down_once_in_a_while(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    nino = desk.person()
    for _ in range(2):
        assert "ადამიანთან" in nino.get(f"/waiting/{id}/lines").text
        seen = desk.site.database.call(journal.entries, action="conversations.view", subject=ANA)
        assert [line.actor for line in seen] == [nino.member.actor]
    later = desk.site.now() + 1200.0
    desk.site.now = lambda: later
    desk.person(name="levan").get(f"/waiting/{id}")
    for _ in range(2):
        nino.get(f"/waiting/{id}/lines")
    seen = desk.site.database.call(journal.entries, action="conversations.view", subject=ANA)
    assert len(seen) == 3


def test_two_clerks_cannot_take_one_conversation(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    people = [desk.person(name=name) for name in ("nino", "levan", "eka", "zaza")]
    secrets = [person.csrf() for person in people]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda pair: pair[0].client.post(f"/waiting/{id}/take", data={"csrf": pair[1]}),
                zip(people, secrets, strict=True),
            )
        )
    ends = [answer.headers["location"].partition("said=")[2] for answer in answers]
    assert sorted(ends) == ["taken", *["taken_by_other"] * 3]
    other = people[(ends.index("taken") + 1) % 4]
    before = said(desk)
    for path in ("write", "hand-back"):
        answer = other.post(f"/waiting/{id}/{path}", words="მე ვარ", key="x")
        assert answer.headers["location"].endswith("said=not_yours")
    assert said(desk) == before


def test_staff_of_one_town_see_no_conversation_of_another(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA, "marneuli")
    nino = desk.person(Role.ADMINISTRATOR, municipality="rustavi")
    assert f"/waiting/{id}" not in nino.get("/waiting").text
    photographed(desk.site, ANA, "ab12")
    for path in ("", "/lines", "/photos/ab12"):
        assert nino.get(f"/waiting/{id}{path}").status_code == 404
    for path in ("take", "write", "hand-back"):
        assert nino.post(f"/waiting/{id}/{path}", words="x").status_code == 404
    assert desk.site.database.call(waiting.get, id).taken_by is None


def test_nobody_waits_twice_and_again_after_the_end(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    assert not desk.site.database.call(waiting.ask, ANA, "rustavi", 2.0)
    nino = desk.person()
    nino.post(f"/waiting/{id}/take")
    nino.post(f"/waiting/{id}/hand-back")
    assert desk.site.database.call(waiting.ask, ANA, "rustavi", 3.0)


def test_there_is_somebody_to_ask_only_when_a_clerk_can_sign_in(desk: Desk) -> None:
    assert not desk.site.database.call(waiting.somebody_answers)
    desk.person(Role.EDITOR, name="editor")
    assert not desk.site.database.call(waiting.somebody_answers)
    desk.person(Role.CLERK)
    assert desk.site.database.call(waiting.somebody_answers)
