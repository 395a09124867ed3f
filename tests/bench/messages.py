"""What the residents of the benchmark write: one conversation of 14 messages, over and over."""

from __future__ import annotations

CONVERSATION = (
    "გამარჯობა",
    "რამდენია დასუფთავების გადასახადი?",
    "და სად გადავიხადო?",
    "nagvis fuli ramdenia ojaxze",
    "ვინ თავისუფლდება დასუფთავებისგან, პენსიონერი ვარ",
    "how much is the garbage bill?",
    "and where do I go?",
    "პარკინგის ჯარიმა რამდენია",
    "qonebis gadasaxadi rodis unda chavabaro",
    "ხვალ რა ამინდია",
    "მაღაზიის ნაგვის ფული როგორ ითვლება",
    "who are you",
    "მადლობა",
    "ნახვამდის",
)
