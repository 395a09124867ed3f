"""The short words residents steer a form with, and how a question is told from an answer.

They are compared on the skeleton of the words, so that one spelling serves Mkhedruli and Latin
letters. Longer ways of saying the same are understood by the bot's intents.
"""

from __future__ import annotations

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.core.submissions.model import Publicity


def folded(text: str) -> str:
    """Give the skeleton of what somebody typed."""
    return skeleton(normalise(text))


def _set(*phrases: str) -> frozenset[str]:
    return frozenset(folded(phrase) for line in phrases for phrase in line.split(", "))


SKIP = _set(
    "გამოტოვება, გამოტოვე, გამოვტოვოთ, გამოვტოვებ, გამოტოვეთ, ტოვებ, არ მაქვს, არა მაქვს, არ მინდა",
    "საკმარისია, ესეც საკმარისია, that is enough, enough, достаточно, этого достаточно",
    "kifayətdir, bu da kifayətdir, բավական է, այսքանը բավական է",
    "არ ვიცი, სურათი არ მაქვს, ფოტო არ მაქვს, ფოტოს გარეშე, მის გარეშე, შემდეგი, სკიპ",
    "skip, no photo, none, next, i don't have one, don't know, i don't know",
    "არ მაქვს ფოტო, ფოტო არა მაქვს, ფოტო არ გადამიღია, no photos, i have no photo, фото нет",
    "без фото, şəkil yoxdur, foto yoxdur, լուսանկար չկա, նկար չունեմ",
    "пропустить, пропусти, нет, не знаю, нет фото, дальше, keç, keçmək, yoxdur, բաց թողնել, չկա",
)
BACK = _set(
    "უკან, უკან დაბრუნება, დამაბრუნე, წინა, წინა კითხვა, back, go back, previous",
    "назад, вернуться, geri, geri qayıt, հետ, վերադառնալ",
)
CANCEL = _set(
    "გაუქმება, გააუქმე, გააუქმეთ, შეწყვიტე, გაჩერდი, სტოპ, აღარ მინდა, გადავიფიქრე, დაივიწყე",
    "cancel, stop, forget it, quit, отмена, отменить, стоп, ləğv et, dayan, չեղարկել, կանգ առ",
)
YES = _set(
    "კი, დიახ, ხო, ჰო, კარგი, თანახმა ვარ, ვეთანხმები, გაგზავნა, გააგზავნე, გაგზავნე, გააგრძელე",
    "გაგრძელება, yes, ok, okay, sure, send, agree, i agree, go on, continue, да, ок, хорошо",
    "გავაგრძელოთ, ფორმა გავაგრძელოთ, გავაგრძელოთ ფორმა, ok continue, let's continue, продолжим",
    "отправить, согласен, согласна, bəli, hə, göndər, razıyam, այո, ուղարկել, համաձայն եմ",
)
NO = _set("არა, არ, no, nope, нет, xeyr, yox, ոչ")
#: Who wants what a card's button begins: "yes, I want to apply". Other words may stand beside.
WISHES = _set(
    "მინდა, მსურს, მინდოდა, განაცხადი, განაცხადის, განცხადება, შევსება, შევავსო, გავაგზავნო",
    "დავიწყოთ, დავიწყო, want, apply, application, start, хочу, хотел, заявку, подать, начнём",
    "заполнить, istəyirəm, müraciət, ərizə, başlayaq, ուզում, դիմում, սկսենք",
)
BESIDE_A_WISH = _set(
    "ფორმა, ფორმის, გაგზავნა, i, to, an, the, a, it, form, send, would, like, please, форму",
    "бы, пожалуйста, etmək, göndərmək, doldurmaq, եմ, ուղարկել, լրացնել",
)
#: How the words for a photo begin, and what denies it beside them.
_PHOTO = tuple(_set("ფოტო, სურათ, photo, picture, фото, şəkil, foto, լուսանկար, նկար"))
_NOT = (
    _set(
        "არ, არა, ვერ, აღარ, ვეღარ, no, not, can't, don't, cannot, couldn't, нет, не, yox, yoxdur"
        ", չունեմ, չկա, չեմ, չկարողացա"
    )
    | NO
)
#: How words begin that take back what was sent.
TAKING_BACK = tuple(
    _set("გააუქმ, გაუქმებ, გავაუქმ, cancel, withdraw, отмен, отзов, отозв, ləğv, չեղարկ")
)
#: Behind a yes or no they take it back in part.
BUT = _set(
    "მაგრამ, მარა, ოღონდ, ჯერ, თუმცა, მოიცა, მოიცადე, მოიცადეთ, but, not, don't, wait, но, не",
    "подожди, подождите, amma, ancaq, lakin, gözlə, gözləyin, բայց, սպասիր, սպասեք",
)
#: The answers to "shall your name be shown?" in words; any other few words are a name.
PUBLICITY = {
    Publicity.WITHOUT_NAME: _set(
        "სახელის გარეშე, უსახელოდ, ანონიმურად, ანონიმური, without name, without my name, anonymous",
        "anonymously, без имени, анонимно, adsız, adım olmadan, anonim, առանց անվան, անանուն",
    ),
    Publicity.WITH_NAME: _set(
        "ჩემი სახელით, სახელით, with my name, with name, с именем, с моим именем, под моим именем",
        "adımla, öz adımla, իմ անունով, անունով",
    ),
    Publicity.NOT_AT_ALL: _set(
        "არ გამოაქვეყნოთ, არ გამოქვეყნდეს, გამოქვეყნება არ მინდა, do not publish, don't publish it",
        "don't publish, не публиковать, не публикуйте, dərc etməyin, yayımlamayın, չհրապարակել",
    ),
}
#: Asked alone, what is kept about oneself; longer questions about privacy are answered in words.
MY_DATA = _set(
    "ჩემი მონაცემები, ჩემი პირადი მონაცემები, მაჩვენე ჩემი მონაცემები, ნახე ჩემი მონაცემები",
    "my data, show my data, мои данные, покажи мои данные, mənim məlumatlarım, իմ տվյալները",
)

#: How long it takes, of nothing named: with these words beside it and no others.
_HOW_LONG = _set(
    "რამდენ ხანში, რამდენი ხანი, რა ვადაში, რა დროში, რამდენ დღეში, როდის",
    "how long, how soon, when, сколько времени, сколько дней, сколько ждать, как долго, как скоро",
    "когда, nə vaxt, nə qədər vaxt, nə qədər çəkir, nə qədər çəkəcək",
    "երբ, որքան ժամանակ, ինչքան ժամանակ",
)
_BESIDE_HOW_LONG = _set(
    "ამას, ამის, ეს, გააკეთებთ, გააკეთებენ, მიპასუხებთ, მიპასუხებენ, პასუხს, პასუხი, მივიღებ",
    "განიხილავთ, განიხილავენ, მოაგვარებთ, მოაგვარებენ, იქნება, სჭირდება, დასჭირდება, ველოდო",
    "will, you, i, it, this, that, do, does, take, fix, get, an, answer, reply, me, be, done, wait",
    "это, этот, ответите, сделаете, исправите, рассмотрите, займёт, займет, ждать, мне, вы, ответ",
    "bu, bunu, cavab, verəcəksiniz, edəcəksiniz, սա, դա, կտևի, կպատասխանեք, կանեք",
)

_ASKING = _set(
    "რა, როგორ, სად, როდის, რამდენი, რამდენია, ვინ, ვის, რატომ, რომელი, შეიძლება, შემიძლია, რამდენ",
    "how, what, where, when, who, why, which, can, do, is, как, что, где, когда, сколько, кто",
    "почему, можно, necə, nə, harada, kim, niyə, hansı, ինչ, ինչպես, որտեղ, երբ, ով, ինչու, որքան",
)
#: Words that make a question wherever they stand ("nagvis fuli ramdenia").
_ASKING_ANYWHERE = _set(
    "რამდენი, რამდენია, როგორ, როდის, რატომ, how, when, why, сколько, как, когда, почему, nə qədər"
)
_QUESTION_MARKS = ("?", "՞", "؟", ";?")


def is_question(text: str) -> bool:
    """Tell whether a message asks something: by its mark, its first word, or a word that asks."""
    if any(mark in text for mark in _QUESTION_MARKS):
        return True
    spoken = folded(text).split()
    return bool(spoken) and (spoken[0] in _ASKING or not _ASKING_ANYWHERE.isdisjoint(spoken))


def has_no_photo(text: str) -> bool:
    """Tell whether a message says that there is no photo: "it was too dark to take a photo"."""
    spoken = folded(text).split()
    return any(word.startswith(_PHOTO) for word in spoken) and not _NOT.isdisjoint(spoken)


def is_half_a_yes(text: str) -> bool:
    """Tell whether a message begins with a yes and takes it back in part: "yes, but …"."""
    spoken = folded(text).split()
    return bool(spoken) and spoken[0] in YES and not (BUT | NO).isdisjoint(spoken[1:])


def asks_how_long(text: str) -> bool:
    """Tell whether a message asks how long it takes, or when, and tells of nothing itself."""
    spoken = folded(text)
    for asked in _HOW_LONG:
        before, found, after = f" {spoken} ".partition(f" {asked} ")
        if found and _BESIDE_HOW_LONG.issuperset((*before.split(), *after.split())):
            return spoken != asked or any(mark in text for mark in _QUESTION_MARKS)
    return False
