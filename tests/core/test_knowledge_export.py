from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.core.knowledge_export import export
from bot.core.knowledge_folder import Loaded
from tests.fakes.knowledge_tree import Tree

DAY = date(2026, 1, 15)


@pytest.fixture
def loaded(tree: Tree) -> Loaded:
    tree.change("national/waste.yml", "No papers needed.", "No papers & no </script> tricks.")
    return tree.load()


def test_csv_has_every_text_with_its_figures_and_whose_rule_it_is(loaded: Loaded) -> None:
    rows = list(csv.DictReader(io.StringIO(export(loaded, "csv", "rustavi", "ka", DAY))))
    found = {(r["service"], r["field"], r["language"]): (r["rule"], r["text"]) for r in rows}
    assert found["waste.fee", "answer", "en"] == ("rustavi", "In Rustavi you pay 0.4 GEL.")
    assert found["waste.fee", "price", "en"] == ("national", "The cap is 3 GEL.")
    assert found["waste.fee", "title", "en"] == ("national", "Cleaning fee")
    assert found["waste.payment", "answer", "ru"] == ("national", "В банке.")


def test_json_is_schema_org(loaded: Loaded) -> None:
    graph = json.loads(export(loaded, "json", "rustavi", "ka", DAY))
    assert graph["@context"] == "https://schema.org"
    fee = graph["@graph"][0]
    assert (fee["@type"], fee["identifier"]) == ("GovernmentService", "waste.fee")
    assert {"@language": "en", "@value": "Household cleaning fee"} in fee["name"]
    assert fee["provider"]["address"] == "20 Kostava Ave"
    assert fee["availableChannel"]["servicePhone"]["telephone"] == "1300"
    assert fee["availableChannel"]["serviceUrl"] == "https://example.ge/fee"
    assert "{" not in fee["description"][0]["@value"]


class Page(HTMLParser):
    """What a reader of the page finds: headings, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h2", "h3"):
            self.headings.append(data)


def test_html_is_one_whole_page(loaded: Loaded) -> None:
    text = export(loaded, "html", "rustavi", "en", DAY)
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.headings[:3] == ["ნაგავი", "Household cleaning fee", "Where to pay"]
    assert "No papers &amp; no &lt;/script&gt; tricks." in text
    assert text.count("</script>") == 1
    data = re.search(r'ld\+json">(.+?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data.group(1).replace("<\\/", "</"))["@graph"]


def test_what_is_no_format_or_language_is_refused(loaded: Loaded) -> None:
    for form, language in (("pdf", "ka"), ("html", "de")):
        with pytest.raises(ValueError, match=form):
            export(loaded, form, "rustavi", language, DAY)
