import pytest

from tests.support.cast import Cast


@pytest.mark.parametrize(
    ("path", "username", "there"), [("/places/", "chen", "散货堆场"), ("/units/", "zheng", "维修部")]
)
class TestTrees:
    def test_show_what_is_there(self, cast: Cast, path: str, username: str, there: str) -> None:
        page = cast.browser(username).get(path).content.decode()
        assert there in page
        assert "采矿班" not in page
        assert "破碎车间" not in page

    def test_grow(self, cast: Cast, path: str, username: str, there: str) -> None:
        browser = cast.browser(username)
        assert browser.post(path, {"name": "新的"})["Location"] == path
        assert "新的 has been added." in browser.get(path).content.decode()

    def test_refuse_a_name_twice(self, cast: Cast, path: str, username: str, there: str) -> None:
        answer = cast.browser(username).post(path, {"name": there})
        assert answer.status_code == 422
        assert f"The name {there} is already used here." in answer.content.decode()

    def test_refuse_to_grow_for_those_who_only_read(self, cast: Cast, path: str, username: str, there: str) -> None:
        browser = cast.browser("wu")
        assert "csrfmiddlewaretoken" in browser.get(path).content.decode()
        assert 'name="parent"' not in browser.get(path).content.decode()
        assert browser.post(path, {"name": "新的"}).status_code == 403
