from __future__ import annotations

import io
import stat
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from bot.store import conversations, media, migrate
from bot.store.database import Database, open_database
from connectors import fetching, pictures
from connectors import media as keeping
from connectors.fetching import Fetcher, FetchFailed, FetchRefused
from connectors.media import Media, PhotoRefused
from connectors.pictures import PictureRefused
from tests.fakes.engine import ServerThread
from tests.fakes.files import FakeFiles, bomb, photo, scans

pytestmark = pytest.mark.anyio

CONVERSATION = "fb:100:200"


@pytest.fixture(scope="module")
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture(scope="module")
def server(files: FakeFiles) -> Iterator[ServerThread]:
    with ServerThread(files.app()) as server:
        yield server


@pytest.fixture
async def fetcher(server: ServerThread) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(fetching.META_HOSTS, [server.url])
    yield fetcher
    await fetcher.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate.upgrade(database_url)
    opened = open_database(database_url)
    opened.call(conversations.take, CONVERSATION, "messenger", "100", 0, time.time())
    yield opened
    opened.close()


@pytest.fixture
def keeper(database: Database, fetcher: Fetcher, tmp_path: Path) -> Media:
    return Media(database, tmp_path / "media", fetcher)


def test_check_74_a_picture_is_written_anew_without_place_camera_or_comment() -> None:
    before = photo((4000, 3000))
    assert b"secret" in before
    found = pictures.safe(before)
    image = Image.open(io.BytesIO(found.content))
    assert image.format == "JPEG"
    # Upright as its camera was held, and no larger than needed.
    assert image.size == (found.width, found.height) == (1920, 2560)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"secret" not in found.content


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
def test_other_formats_become_jpeg_as_well(format: str) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(file, format)
    found = pictures.safe(file.getvalue())
    image = Image.open(io.BytesIO(found.content))
    assert (image.format, image.size) == ("JPEG", (20, 10))
    # What was transparent is white.
    assert all(part > 240 for part in image.getpixel((5, 5)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_picture"),
        (b"MZ\x90\x00" + b"0" * 100, "no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (b"\xff\xd8\xff" + b"0" * 100, "broken"),
        (photo()[:700], "broken"),
        (b"RIFF\x00\x00\x00\x00WEBP" + b"0" * 50, "broken"),
    ],
)
def test_check_74_what_is_no_picture_by_its_bytes_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        pictures.safe(content)
    assert refused.value.reason == reason


@pytest.mark.parametrize("side", [7_200, 30_000])
def test_check_74_a_small_file_of_very_many_pixels_is_refused_quickly(side: int) -> None:
    content = bomb(side)
    assert len(content) < 200_000
    start = time.thread_time()
    with pytest.raises(PictureRefused) as refused:
        pictures.safe(content)
    assert refused.value.reason == "too_many_pixels"
    # Of work, however long a busy machine takes for it.
    assert time.thread_time() - start < 0.5


def test_check_74_a_small_file_of_very_many_scans_is_refused_quickly() -> None:
    content = scans(2_000, 4_000)
    start = time.thread_time()
    with pytest.raises(PictureRefused) as refused:
        pictures.safe(content)
    assert refused.value.reason == "too_many_scans"
    assert time.thread_time() - start < 0.5
    # An ordinary progressive picture has about ten.
    assert pictures.safe(scans(20)).width == 64


@pytest.mark.parametrize(
    "url",
    [
        "http://scontent.xx.fbcdn.net/photo.jpg",
        "https://scontent.xx.fbcdn.net:8443/photo.jpg",
        "https://fbcdn.net.evil.example/photo.jpg",
        "https://evilfbcdn.net/photo.jpg",
        "https://user@evil.example/fbcdn.net",
        "https://fbcdn.net@evil.example/photo.jpg",
        "http://127.0.0.1/photo.jpg",
        "http://localhost:5432/",
        "https://[::1]/photo.jpg",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/photo.jpg",
        "file:///etc/passwd",
        "gopher://fbcdn.net/",
        "https://",
        "",
        "https://[broken",
    ],
)
async def test_check_75_only_the_platforms_hosts_are_asked(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        await fetcher.fetch(url)
    assert refused.value.reason == "forbidden"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
async def test_check_75_a_platforms_name_that_leads_to_a_private_address_is_refused(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async def look_up(_place: object) -> list[str]:
        return [address]

    monkeypatch.setattr(fetching, "_look_up", look_up)
    with pytest.raises(FetchRefused) as refused:
        await fetcher.fetch("https://scontent.xx.fbcdn.net/photo.jpg")
    assert refused.value.reason == "forbidden"


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:1/", "https://evil.example/", "file:///etc/passwd"]
)
async def test_check_75_a_redirect_elsewhere_is_not_followed(
    fetcher: Fetcher, server: ServerThread, to: str
) -> None:
    with pytest.raises(FetchRefused) as refused:
        await fetcher.fetch(f"{server.url}/redirect?to={to}")
    assert refused.value.reason == "forbidden"


async def test_a_redirect_within_the_platform_is_followed(
    fetcher: Fetcher, server: ServerThread, files: FakeFiles
) -> None:
    files.files["a.jpg"] = b"content"
    assert await fetcher.fetch(f"{server.url}/redirect?to=/a.jpg") == b"content"
    with pytest.raises(FetchRefused):
        await fetcher.fetch(f"{server.url}/redirect")


async def test_check_75_reading_stops_at_the_limit(
    fetcher: Fetcher, server: ServerThread, files: FakeFiles
) -> None:
    files.files["large"] = b"0" * 3_000
    files.sent = 0
    for name in ("large", "endless"):
        with pytest.raises(FetchRefused) as refused:
            await fetcher.fetch(f"{server.url}/{name}", most=2_000)
        assert refused.value.reason == "too_large"
    assert files.sent < 20_000_000


async def test_a_server_that_is_away_or_slow_is_asked_again_later(
    fetcher: Fetcher, server: ServerThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FetchFailed):
        await fetcher.fetch(f"{server.url}/away")
    monkeypatch.setattr(fetching, "DEADLINE", 0.2)
    with pytest.raises(FetchFailed):
        await fetcher.fetch(f"{server.url}/slow")


async def test_check_74_a_photo_is_kept_once_under_a_name_of_its_own_and_cannot_be_run(
    keeper: Media, database: Database, server: ServerThread, files: FakeFiles, tmp_path: Path
) -> None:
    files.files["../../evil.php?x=.jpg"] = files.files["p.jpg"] = photo()
    id = await keeper.keep(CONVERSATION, "m_1:0", f"{server.url}/p.jpg")
    again = await keeper.keep(CONVERSATION, "m_1:0", f"{server.url}/p.jpg")
    assert again == id
    kept = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [f"{id}.jpg"]
    assert stat.S_IMODE(kept[0].stat().st_mode) & 0o133 == 0
    row = database.call(media.find, id)
    assert row is not None
    assert (row.conversation, row.content_type) == (CONVERSATION, "image/jpeg")
    assert row.bytes == kept[0].stat().st_size
    assert len(id) == 32
    assert "evil" not in str(kept[0])


async def test_check_74_a_resident_has_a_quota(
    keeper: Media, server: ServerThread, files: FakeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_A_DAY", 2)
    files.files["q.jpg"] = photo((60, 40))
    for number in range(2):
        await keeper.keep(CONVERSATION, f"m_{number}", f"{server.url}/q.jpg")
    with pytest.raises(PhotoRefused) as refused:
        await keeper.keep(CONVERSATION, "m_3", f"{server.url}/q.jpg")
    assert refused.value.reason == "quota"


async def test_a_refused_photo_leaves_nothing_behind(
    keeper: Media, server: ServerThread, files: FakeFiles, tmp_path: Path
) -> None:
    files.files["x.jpg"] = b"MZ no picture"
    for name in ("x.jpg", "gone.jpg"):
        with pytest.raises(PhotoRefused):
            await keeper.keep(CONVERSATION, name, f"{server.url}/{name}")
    assert not list((tmp_path / "media").rglob("*"))


async def test_a_residents_photos_are_listed_and_their_files_erased(
    keeper: Media, database: Database, server: ServerThread, files: FakeFiles, tmp_path: Path
) -> None:
    files.files["r.jpg"] = photo((60, 40))
    ids = [await keeper.keep(CONVERSATION, f"m_{n}", f"{server.url}/r.jpg") for n in range(2)]
    found = database.call(media.of_conversation, CONVERSATION)
    assert [one.id for one in found] == ids
    assert database.call(media.of_conversation, "fb:100:201") == []
    for _again in range(2):
        keeping.erase(tmp_path / "media", found)
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
