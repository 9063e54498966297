import hashlib
import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tanghulu.apps.photos import store
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import scope
from tanghulu.config import wsgi
from tests.support.wsgi_wire import ask
from tests.support.yard import Yard, picture


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(client: Client, content: bytes, *, name: str = "") -> Any:
    return client.put(f"/api/v1/photos/{name or name_of(content)}", content, content_type="image/jpeg")


def stored(tenant: str = "harbour") -> list[str]:
    with scope.within(tenant):
        return sorted(Photo.objects.values_list("sha256", flat=True))


class TestPutPhoto:
    def test_keeps_the_bytes_as_they_came(self, yard: Yard) -> None:
        content = picture()
        client = yard.cast.phone("wen")
        first, second = put(client, content), put(client, content)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json() == {"sha256": name_of(content), "size": len(content), "checks": []}
        assert stored() == [name_of(content)]
        with scope.within("harbour"):
            row = Photo.objects.get()
            assert (row.size, row.media_type, row.subject) == (len(content), "image/jpeg", yard.cast["wen"].member)
            assert store.read(row.sha256) == content

    def test_refuses_bytes_of_another_name(self, yard: Yard) -> None:
        wrong = name_of(picture(2))
        answer = put(yard.cast.phone("wen"), picture(1), name=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "photo_hash_differs")
        assert stored() == []
        with scope.within("harbour"):
            assert not store.has(wrong)
            assert not store.has(name_of(picture(1)))

    @pytest.mark.parametrize("content", [b"", b"no picture", b"GIF89a" + b"\0" * 40, b"%PDF-1.7"])
    def test_refuses_what_is_no_photo(self, yard: Yard, content: bytes) -> None:
        answer = put(yard.cast.phone("wen"), content)
        assert (answer.status_code, answer.json()["code"]) == (422, "photo_type_unknown")
        assert stored() == []
        with scope.within("harbour"):
            assert not store.has(name_of(content))

    @pytest.mark.parametrize("name", ["x", "0" * 63, "A" * 64])
    def test_refuses_a_name_that_is_no_hash(self, yard: Yard, name: str) -> None:
        answer = put(yard.cast.phone("wen"), picture(), name=name)
        assert (answer.status_code, answer.json()["code"]) == (422, "photo_hash_differs")
        assert stored() == []

    def test_keeps_each_companys_own(self, yard: Yard) -> None:
        content = picture()
        assert put(yard.cast.phone("wen"), content).status_code == 201
        assert put(yard.cast.phone("quentin"), content).status_code == 201
        assert stored("harbour") == stored("quarry") == [name_of(content)]

    def test_asks_to_sign_in(self, yard: Yard) -> None:
        assert put(Client(), picture()).status_code == 401
        assert stored() == []


class TestGetPhoto:
    def test_shows_a_small_picture_to_the_company_and_nobody_else(self, yard: Yard) -> None:
        yard.open()
        signed = yard.sign_photo(picture())
        yard.send(signed)
        address = f"/api/v1/photos/{signed.openings[0]['commitment']}"
        client = yard.cast.phone("vera")
        assert client.get(f"{address}/320.jpg").status_code == 404
        yard.put(picture())
        for size in (320, 1600):
            answer = client.get(f"{address}/{size}.jpg")
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
            assert "immutable" in answer["Cache-Control"]
            with Image.open(io.BytesIO(answer.content)) as shown:
                assert max(shown.size) == min(size, 1200)
        for size in (320, 1600):
            answer = yard.cast.phone("quentin").get(f"{address}/{size}.jpg")
            assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
        assert client.get(f"/api/v1/photos/{'0' * 64}/320.jpg").status_code == 404


class TestDoor:
    """The short way in answers as the long way does."""

    @pytest.mark.parametrize("content", [picture(), b"no picture"], ids=["photo", "text"])
    def test_for_a_photo(self, yard: Yard, content: bytes) -> None:
        yard.devices["wen"].wire.put_bytes(f"/api/v1/photos/{name_of(content)}", content, media_type="image/jpeg")
        headers = {
            "Authorization": f"Bearer {yard.token('wen')}",
            "Content-Type": "image/jpeg",
            "Accept-Language": "en",
        }
        path = f"/api/v1/photos/{name_of(content)}"
        short, long = (ask(way, "PUT", path, content, headers)[0] for way in (wsgi.application, wsgi._long_way))
        assert (short.status, short.json) == (long.status, long.json)
        assert short.status in {200, 422}
