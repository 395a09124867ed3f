from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from bot.core.staff import Role
from bot.store import inbox, journal, media, queues, transcript, waiting
from bot.store.inbox import Event, Lease
from tests.console.people import Desk
from tests.console.residents import asks_for_a_person, wrote

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
        "conversations.write",
        "conversations.hand_back",
    ]


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
    for path in ("", "/lines"):
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


def kept_photo(desk: Desk, conversation: str) -> str:
    """Let a resident send a photo, kept as the connectors do."""
    id = uuid.uuid4().hex
    wrote(desk.site, conversation, "hello", id=f"hello{id}")
    sent = media.Photo(id, conversation, id, "image/jpeg", 4, 4, 9, "0" * 64, 1.0)
    file = desk.site.settings.var / "media" / sent.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\xff\xd8\xff photo")
    desk.site.database.call(media.add, sent)
    return id


def test_photos_and_places_of_a_conversation_are_shown(desk: Desk) -> None:
    id = asks_for_a_person(desk.site, ANA)
    photo, other = kept_photo(desk, ANA), kept_photo(desk, "web:giorgi")
    for number, sent in enumerate(
        ({"type": "image", "media_id": photo}, {"type": "location", "lat": 41.55, "lon": 45.01})
    ):
        event = Event("web", ANA, f"p{number}", ANA, "attachment", {"attachment": sent}, 3.0)
        desk.site.database.call(inbox.add, event, 3.0)
    nino = desk.person()
    page = nino.get(f"/waiting/{id}").text
    assert f'src="/waiting/{id}/photos/{photo}"' in page
    assert "41.55, 45.01" in page
    shown = nino.get(f"/waiting/{id}/photos/{photo}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert nino.get(f"/waiting/{id}/photos/{other}").status_code == 404
    assert nino.get(f"/waiting/{id}/photos/nothing").status_code == 404
