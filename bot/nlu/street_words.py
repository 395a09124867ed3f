"""Words for street, and the words beside them that are no names, in every language.

Word lists hold skeletons (`bot.core.skeleton`); base forms are written out.
"""

from __future__ import annotations

import re

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton


def _words(listed: str) -> frozenset[str]:
    return frozenset(skeleton(normalise(word)) for word in listed.split())


# Georgian, in both alphabets: told by the skeleton.
GEORGIAN = re.compile(
    "(?:(kuC|kuc)(?:a|as|is|aze|aSi|idan|astan|amde|isken|ac|azec|aSic|aa)"
    "|(gamzir|Cih|Sesahvev|heivan|gzatkecil)(?:i|s|is|ze|Si|tan|idan|amde|isken|zec|Sic|ia))"
)
SHORT = {"გამზ.": "გამზირი", "გამზ": "გამზირი", "ქუჩ.": "ქუჩა", "ქ.": "ქუჩა", "ქ": "ქუჩა"}
BASES = {"kuC": "ქუჩა", "gamzir": "გამზირი", "Cih": "ჩიხი", "Sesahvev": "შესახვევი",
          "heivan": "ხეივანი", "gzatkecil": "გზატკეცილი"}  # fmt: skip
CASE = re.compile("(?:a?ze|a?shi|idan|a?stan|tan|a?mde|isken|is|as|a|i|s)(?:ac|c)?$", re.IGNORECASE)
#: Genitives, and verbs that end like one, that stand before a street and are no name.
NO_NAMES = _words(
    """
    ქალაქის რაიონის უბნის სოფლის ცენტრის მიკრორაიონის მკრ კორპუსის სახლის ეზოს სკოლის ბაღის პარკის
    ბაზრის მერიის მაღაზიის ეკლესიის ქარხნის საავადმყოფოს სადგურის მოედნის გზის ხიდის სტადიონის
    აფთიაქის ბანკის მეზობლის ქუჩის გამზირის ჩიხის თქვენის ჩვენის ჩემის ამის იმის მის ამავეს იმავეს
    არის დგას ზის ყრის მოდის მიდის დადის გადის ჩადის შედის ადის ჩამოდის გამოდის ყიდის ჰყიდის დის
    დღის ღამის წლის თვის კვირის ერთის ორის შუა ბოლოს თავის მთელის ყველას რომელის რისი ვისი ნაგვის
    გვერდის მოძრაობის შუქის მტვრის პარკინგის ხმაურის ხარისხის თამაშის მუშაობის რეაბილიტაციის
    ასფალტის ზაფხულის ზამთრის ერთადერთის შემდეგის მთავრის ძველის ბნელის საავტომობილოს ტურისტულის
    თხრის ჭრის შლის უშლის იხდის ყვირის ტირის იძახის რბის გარბის დარბის სდის დუღის
    წყლის ავტობუსის მანქანის ძაღლის ავტოსადგურის ტრანსპორტის მოსახლეობის ადგილის ტროტუარის
    """
)
GIVEN = _words(
    """
    აკაკი ალექსანდრე ანა ანდრია ანტონ არჩილ ბესიკ გალაკტიონ გიორგი გრიგოლ დავით დემნა დიმიტრი
    ეგნატე ევგენი ეკატერინე ერეკლე ვახტანგ ვაჟა ვასილ ზაქარია ზვიად ზურაბ თამარ თეიმურაზ იაკობ
    იასონ ივანე ილია იოსებ კონსტანტინე კოტე ლადო ლევან ლეო მერაბ მიხეილ ნიკო ნიკოლოზ ნინო ნოდარ
    ნოე ოთარ პაატა პაოლო პავლე პეტრე რევაზ სანდრო სერგო სოლომონ სულხან ტიციან ფარნავაზ
    ფირან შალვა შოთა ცოტნე წმინდა წმ ქაქუცა ქეთევან ჯანსუღ მეფე
    """
)
GEORGIAN_MONTH = re.compile(
    "(?:ianvr|tebervl|mart|april|mais|ivnis|ivlis|agvist|sektembr|oktombr|noembr|dekembr)[io]s"
)
#: Genitives of the plural; of the words in -eba some are names.
OF_MANY = re.compile("[a-zSC]*ebis")
IDEAS = _words("თავისუფლების გამარჯვების განვითარების აღორძინების დიდების")
#: Vowel stems keep their vowel in the genitive, so that other words look alike; these are surnames.
SURNAME = re.compile(
    "[a-zSC]+(?:av|aav|uli|odri|oi|agu|cere|psavel|pSavel|Sanji|uri)as|[a-zSC]+uas"
)

# English
ENGLISH = re.compile(r"(?:street|str|st|avenue|ave?|lane|alley|boulevard|blvd)", re.IGNORECASE)
ADDS_TO_STREET = re.compile(
    "light(s|ing)?|lamps?|dogs?|cats?|signs?|vendors?|cleaning|sweep\\w*|names?|numbers?|food|trad\\w+"
    "|parking|art|lanterns?|sellers?|furniture|corner|crossing|workers?"
)
NOT_IN_ENGLISH = _words(
    """
    a an the this that these those our my your their his her its every each any some no which what
    whose same other another next whole main side busy dark dirty narrow wide long short small big
    large quiet central nearest local public residential one two city town village school in on at
    of from near to by along across and or is are was has with for into off down up new old first
    second broken bad good dangerous empty noisy paved unpaved bumpy one-way dead-end high back
    """
)
ON_IN_ENGLISH = _words("on at in near from along to off by of")
GEORGIAN_NAME = re.compile(r"[a-z'-]{3,}[iaou]", re.IGNORECASE)

# Russian
RUSSIAN = re.compile(
    r"(улиц|ул|проспект|пр|пр-т|просп|переул(?:ок|к)|пер|тупик|бульвар|проезд|шоссе)"
    r"(?:а|е|ы|у|ой|ом|и|\.)?",
    re.IGNORECASE,
)
IN_RUSSIAN = {
    "улиц": "улица", "ул": "улица", "проспект": "проспект", "пр": "проспект", "пр-т": "проспект",
    "просп": "проспект", "переулок": "переулок", "переулк": "переулок", "пер": "переулок",
    "тупик": "тупик", "бульвар": "бульвар", "проезд": "проезд", "шоссе": "шоссе",
}  # fmt: skip
RUSSIAN_NAME = re.compile(r"[а-яё-]+(?:а|я|ой|ого|ы|и|ая|ов|ев|ин|е|ели|о)", re.IGNORECASE)
#: Not "Городская улица".
RUSSIAN_ADJECTIVE = re.compile(
    r"(?!Городск|Сельск|Деревенск|Соседск|Детск)([А-ЯЁ][а-яё-]+ск)(ая|ой|ую|ий|ом|ого|ому)"
)
BEFORE_A_HOUSE = (",", ".", "д", "д.", "дом", "№")
MONTH = re.compile(
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    "|january|february|march|april|may|june|july|august|september|october|november|december",
    re.IGNORECASE,
)

# Azerbaijani and Armenian
AZERBAIJANI = re.compile(
    r"(k[uü][cç][eə]si|prospekti|d[oö]ng[eə]si|xiyaban[ıi]|dalan[ıi])"
    r"(?:n(?:d[aə]n?|de n?|in|ın|[əaeiı]|ki|də ki)?)?(?:d[aəe]n?)?",
    re.IGNORECASE,
)
NOT_IN_AZERBAIJANI = _words(
    """
    şəhər şəhərin mərkəz mərkəzin mərkəzi kənd kəndin məhəllə məhəlləmizin bizim qonşu əsas ana
    məktəb məktəbin park parkın bu o hansı bir hər həmin bağça bağçanın evimizin binanın rayonun
    küçə bazar bazarın rustavi rustavinin
    """
)
ARMENIAN = re.compile(r"(փողոց|պողոտա|նրբանցք|փակուղի)(?:ը|ն|ի|ին|ից|ում|ով|յում|յի|յից|յան)?")
NOT_IN_ARMENIAN = _words(
    """
    մեր ձեր իմ այս այդ այն մի նույն բոլոր ամեն քաղաքի գյուղի կենտրոնի դպրոցի գլխավոր հարևան տան
    բակի թաղամասի ինչ որ այգու շուկայի մանկապարտեզի կենտրոնական մութ մյուս
    """
)
ARMENIAN_NAME = re.compile(r"[ա-ֆև-]+(?:ի|ության|ու|յան|ա|ո|ե|ան|ուն)", re.IGNORECASE)
