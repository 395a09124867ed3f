from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

import openpyxl
import pytest

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from bot.core.submissions.model import Event, Kind, Place
from bot.store import journal, submissions
from console.exports import safe
from tests.console.people import Desk
from tests.console.residents import POTHOLE, handed_in

TOMORROW = (datetime.now(GEORGIA) + timedelta(days=1)).date().isoformat()


def actions(desk: Desk) -> list[tuple[str, str]]:
    found = desk.site.database.call(journal.entries)
    return [(line.action, line.subject) for line in found if line.action.startswith("sub")]


def test_list_finds_filters_and_sorts_by_due_date(desk: Desk) -> None:
    late = handed_in(desk.site, "პირველი: სანათი არ ანათებს ეზოში", conversation="web:a")
    soon = handed_in(desk.site, "მეორე: ნაგავი არ გააქვთ უკვე კვირაა", conversation="web:b")
    handed_in(desk.site, "მესამე: მინდა ველობილიკი ქალაქში", Kind.IDEA, "web:c")
    nino = desk.person()
    for code, days in ((late.code, 1), (soon.code, 3)):
        due = (datetime.now(GEORGIA) + timedelta(days=days)).date().isoformat()
        nino.post(f"/submissions/{code}/act/take", assignee=nino.member.actor, due_at=due)

    def codes(query: str) -> list[str]:
        text = nino.get(f"/submissions?{query}").text
        return re.findall(r'<a href="/submissions/([A-Z0-9-]+)">', text)

    assert codes("")[:2] == [late.code, soon.code]
    assert len(codes("")) == 3
    assert codes("kind=problem&who=me") == [late.code, soon.code]
    assert len(codes("who=nobody")) == 1
    assert codes("words=ნაგავი") == [soon.code]
    assert codes("stage=late") == []
    assert codes("kind=nonsense&stage=nonsense") == []


def test_submission_is_taken_answered_and_its_view_is_journalled(desk: Desk) -> None:
    one = handed_in(desk.site)
    nino = desk.person()
    shown = nino.get(f"/submissions/{one.code}")
    for words in (POTHOLE, "599123456", "კოსტავას 12", "გიორგი"):
        assert words in shown.text
    path = f"/submissions/{one.code}/act"
    assert nino.post(f"{path}/take", assignee=nino.member.actor, due_at=TOMORROW).status_code == 303
    assert nino.post(f"{path}/start").status_code == 303
    refused = nino.post(f"{path}/decline", reason="no_money", text="მოკლე")
    assert refused.status_code == 409
    assert "პასუხი მოკლეა" in refused.text
    assert ">მოკლე</textarea>" in refused.text
    assert '<option value="no_money" selected>' in refused.text
    referring = {"body": "სახელმწიფო საგზაო დეპარტამენტი", "contact": "", "due_at": ""}
    text = nino.post(f"{path}/refer", **referring).text
    assert 'value="სახელმწიფო საგზაო დეპარტამენტი"' in text
    assert nino.post(f"{path}/fix", text="ორმო ამოივსო").status_code == 303
    after = nino.get(f"/submissions/{one.code}").text
    assert "ორმო ამოივსო" in after
    assert "მოგვარებულია" in after
    assert actions(desk)[::-1][:4] == [
        ("submissions.view", one.code),
        ("submissions.take", one.code),
        ("submissions.start", one.code),
        ("submissions.view", one.code),
    ]


def test_a_form_that_comes_twice_is_done_once(desk: Desk) -> None:
    one = handed_in(desk.site)
    nino, levan = desk.person(), desk.person(name="levan")
    path = f"/submissions/{one.code}/act"

    def seen() -> str:
        found = re.search('name="seen" value="([0-9]+)"', nino.get(f"/submissions/{one.code}").text)
        assert found is not None
        return found[1]

    taking = {"assignee": nino.member.actor, "due_at": TOMORROW, "seen": seen()}
    telling = {"text": "ბრიგადა ხვალ მოვა, ტელ. 599123456"}
    for event, fields in (("take", taking), ("inform", telling)):
        fields = {"seen": seen(), **fields}
        for _ in range(2):
            assert nino.post(f"{path}/{event}", **fields).status_code == 303
    happened = desk.site.database.call(submissions.history, one.code)
    assert [past.type for past in happened] == ["submit", "take", "inform"]
    done = [action for action, _code in actions(desk) if action != "submissions.view"]
    assert done == ["submissions.inform", "submissions.take"]
    # Other words, another person and a page opened since are no repetition.
    nino.post(f"{path}/inform", **{**fields, "text": "ბრიგადა ზეგ მოვა სალამოს"})
    levan.post(f"{path}/inform", **fields)
    nino.post(f"{path}/inform", **{**fields, "seen": seen()})
    assert len(desk.site.database.call(submissions.history, one.code)) == 6
    # What the table refuses for another reason is told as before.
    assert nino.post(f"{path}/take", **{**taking, "due_at": "2027-12-01"}).status_code == 409


def test_answers_of_a_form_stand_under_the_words_of_their_questions(desk: Desk) -> None:
    answers = {"who_for": "school", "people": 40, "applicant": "association", "odd": True}
    one = handed_in(desk.site, programme="plastic_box", answers=answers)
    text = desk.person().get(f"/submissions/{one.code}").text
    for question, said in (
        ("ვისთვის გჭირდებათ ყუთი?", "სკოლა"),
        ("რამდენი ადამიანი", "40"),
        ("განმცხადებელი", "ამხანაგობა"),
        ("odd", "კი"),
    ):
        assert f"<dt>{question}</dt><dd>{said}</dd>" in text
    # Of a programme that is gone the answers are shown as they were kept.
    gone = handed_in(desk.site, f"{POTHOLE} და", programme="gone", answers={"who_for": "school"})
    assert (
        "<dt>who_for</dt><dd>school</dd>"
        in desk.person(name="eka").get(f"/submissions/{gone.code}").text
    )


def test_what_the_table_does_not_know_is_refused(desk: Desk) -> None:
    one = handed_in(desk.site)
    nino = desk.person()
    for event in ("fix", "submit", "confirm", "nonsense", "decide", "evaluate"):
        answer = nino.post(f"/submissions/{one.code}/act/{event}", text="ორმო ამოივსო უკვე")
        assert answer.status_code == 409, event
    stranger = nino.post(f"/submissions/{one.code}/act/take", assignee="staff:99", due_at=TOMORROW)
    assert stranger.status_code == 409
    assert desk.site.database.call(submissions.by_code, one.code).stage == "received"


def test_staff_of_one_town_see_nothing_of_another(desk: Desk) -> None:
    theirs = handed_in(desk.site, municipality="marneuli")
    nino = desk.person(Role.ADMINISTRATOR, municipality="rustavi")
    assert theirs.code not in nino.get("/submissions?stage=all").text
    assert theirs.code not in nino.get("/submissions/map?stage=all").text
    assert theirs.code not in nino.get("/submissions/export/csv?stage=all").text
    for path in ("", "/photos/abc"):
        assert nino.get(f"/submissions/{theirs.code}{path}").status_code == 404
    fields = {"assignee": nino.member.actor, "due_at": TOMORROW}
    for path in ("act/take", "note", "score"):
        answer = nino.post(f"/submissions/{theirs.code}/{path}", words="x", **fields)
        assert answer.status_code == 404, path
    nino.post("/submissions/assign", codes=theirs.code, **fields)
    assert desk.site.database.call(submissions.by_code, theirs.code).stage == "received"
    assert actions(desk) == [("submissions.export", "csv"), ("submissions.map", "")]


def test_viewer_sees_no_name_telephone_or_place(desk: Desk) -> None:
    one = handed_in(desk.site)
    viewer = desk.person(Role.VIEWER)
    text = viewer.get(f"/submissions/{one.code}").text
    assert POTHOLE in text
    for words in ("599123456", "კოსტავას 12", "გიორგი", "<textarea", "41.55"):
        assert words not in text
    assert viewer.get("/submissions/export/csv").status_code == 403


def test_many_are_given_to_one_person(desk: Desk) -> None:
    codes = [handed_in(desk.site, f"{POTHOLE} {n}", conversation=f"web:{n}").code for n in "ab"]
    nino = desk.person()
    levan = desk.person(name="levan")
    fields = {"assignee": levan.member.actor, "due_at": TOMORROW}
    for _ in range(2):
        answer = nino.post("/submissions/assign", codes=codes, **fields)
        assert answer.headers["location"].endswith("said=assigned")
    for code in codes:
        found = desk.site.database.call(submissions.by_code, code)
        assert (found.stage, found.assignee) == ("in_review", levan.member.actor)
        # Sent twice, done once.
        history = desk.site.database.call(submissions.history, code)
        assert [event.type for event in history] == ["submit", "take"]
    assert len(actions(desk)) == len(codes)


def test_note_stays_with_the_staff(desk: Desk) -> None:
    one = handed_in(desk.site)
    nino = desk.person()
    for _ in range(2):
        nino.post(f"/submissions/{one.code}/note", words="დავურეკე, <b>ხვალ</b> მივდივარ")
    assert [action for action, _code in actions(desk)] == ["submissions.note"]
    text = nino.get(f"/submissions/{one.code}").text
    assert "დავურეკე, &lt;b&gt;ხვალ&lt;/b&gt; მივდივარ" in text


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_export_is_whole_journalled_and_free_of_formulas(desk: Desk, ending: str) -> None:
    evil = '=HYPERLINK("http://evil.example";"ნახეთ ეს ბმული აქვე")'
    one = handed_in(desk.site, evil, title="@SUM(A1)", name="+995")
    nino = desk.person()
    answer = nino.get(f"/submissions/export/{ending}")
    assert "attachment" in answer.headers["content-disposition"]
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert rows[1][0] == one.code
    assert f"'{evil}" in rows[1]
    assert "'@SUM(A1)" in rows[1]
    assert ("submissions.export", ending) in actions(desk)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("  -2", "'  -2"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        (-2, -2),
        (None, None),
    ],
)
def test_cells_that_begin_like_a_formula_become_text(cell: object, expected: object) -> None:
    assert safe(cell) == expected  # type: ignore[arg-type]


def test_map_shows_each_pin_and_counts_those_without(desk: Desk) -> None:
    one = handed_in(desk.site)
    handed_in(desk.site, f"{POTHOLE} სხვა", conversation="web:b", place=None)
    text = desk.person().get("/submissions/map").text
    assert f'<a href="/submissions/{one.code}" aria-label="1: {one.code}"><circle' in text
    # What is a number on the map has its title below.
    assert f">{one.code}</a> ორმო კოსტავაზე" in text
    assert "წერტილის გარეშე: 1" in text


def test_words_of_a_resident_are_never_html(desk: Desk) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(1)"> ორმო'
    one = handed_in(desk.site, hostile, title=hostile[:80], name="<b>გიორგი</b>")
    nino = desk.person()
    for path in ("/submissions", f"/submissions/{one.code}", "/submissions/map"):
        text = nino.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>გიორგი" not in text


def test_photo_is_shown_with_its_own_submission_only(desk: Desk) -> None:
    from bot.store import media

    one = handed_in(desk.site, photos=("ab12",))
    other = handed_in(desk.site, f"{POTHOLE} სხვა", conversation="web:b")
    photo = media.Photo("ab12", "web:giorgi", "m1", "image/jpeg", 4, 4, 3, "0" * 64, 1.0)
    desk.site.database.call(media.add, photo)
    file = desk.site.settings.var / "media" / photo.path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"jpg")
    nino = desk.person()
    shown = nino.get(f"/submissions/{one.code}/photos/ab12")
    assert (shown.content, shown.headers["content-type"]) == (b"jpg", "image/jpeg")
    # A photo's own address is a way to look too.
    [seen] = desk.site.database.call(journal.entries, action="submissions.view")
    assert (seen.actor, seen.subject) == (nino.member.actor, one.code)
    assert nino.get(f"/submissions/{other.code}/photos/ab12").status_code == 404
    assert nino.get(f"/submissions/{one.code}/photos/..%2fab12").status_code == 404


def test_photo_and_pin_of_an_answer_stand_with_it_for_those_who_may_see_them(desk: Desk) -> None:
    one = handed_in(desk.site, place=Place("სკოლასთან", 41.5, 45.0, "17"))
    for actor, event in (
        ("staff:1", Event("ask", "გამოგვიგზავნეთ ფოტო")),
        ("resident", Event("reply", data={"photos": ["ab12"]})),
        ("resident", Event("add", data={"place": {"lat": 41.551, "lon": 45.002}})),
    ):
        desk.site.database.call(
            submissions.apply, one.code, event, actor, desk.site.now(), conversation="web:giorgi"
        )
    photo = f"/submissions/{one.code}/photos/ab12"
    shown = desk.person().get(f"/submissions/{one.code}").text
    # In the answer and among all photos.
    assert shown.count(photo) == 2
    assert "41.551, 45.002" in shown
    assert "სკოლასთან 41.5 45.0" in shown
    assert "მიკრორაიონი 17" in shown
    viewer = desk.person(Role.VIEWER, "lali").get(f"/submissions/{one.code}").text
    assert photo not in viewer
    assert "41.5" not in viewer
    assert "ავტორმა დაამატა" in viewer
