"""Open311 GeoReport v2: submissions in the words of that standard, as JSON and as XML.

A service is a category of a kind, ``problem.roads``; a request a submission. The description is
there only when the submission is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from bot.core.categories import Categories

Item = Mapping[str, Any]


def service_code(kind: str, category: str) -> str:
    """Give the code of a service."""
    return f"{kind}.{category or 'other'}"


def services(
    categories: Categories, kinds: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    """List the services.

    Args:
        kinds: the kinds that are offered, with their names.
    """
    return [
        {
            "service_code": service_code(kind, category.id),
            "service_name": category.name(language),
            "description": f"{name}: {category.name(language)}",
            "metadata": False,
            "type": "realtime",
            "keywords": "",
            "group": name,
        }
        for kind, name in kinds.items()
        for category in categories.values()
        if kind in category.kinds
    ]


def request(record: Mapping[str, Any], service_name: str, stage_name: str, agency: str) -> Item:
    """Give one submission, from the fields of the open data, as a service request."""
    return {
        "service_request_id": record["code"],
        "status": record["status"],
        "status_notes": stage_name,
        "service_name": service_name,
        "service_code": service_code(record["kind"], record["category"]),
        "description": record["text"],
        "agency_responsible": agency,
        "service_notice": "",
        "requested_datetime": _moment(record["received_on"]),
        "updated_datetime": _moment(record["stage_since"]),
        "expected_datetime": _moment(record["due_on"]),
        "address": "",
        "address_id": "",
        "zipcode": "",
        "lat": record["lat"],
        "long": record["lon"],
        "media_url": "",
    }


def _moment(day: str) -> str:
    """Give a day as the moment it begins in Georgia; empty without one."""
    return f"{day}T00:00:00+04:00" if day else ""


def as_xml(items: Sequence[Item], plural: str, singular: str) -> bytes:
    """Write items as the standard's XML: ``<services><service>…``."""
    root = ElementTree.Element(plural)
    for item in items:
        element = ElementTree.SubElement(root, singular)
        for name, value in item.items():
            child = ElementTree.SubElement(element, name)
            child.text = _xml_text(value)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _xml_text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # XML 1.0 knows no control characters but these three.
    return "".join(char for char in text if char >= " " or char in "\t\n\r")
