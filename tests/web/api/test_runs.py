import json

import pytest
from django.test import Client

from tests.support.phones import payload_of
from tests.support.yard import RUN, Yard, picture

PATH = f"/api/v1/runs/{RUN}"


class TestGetRun:
    def test_tells_the_events_in_log_order(self, yard: Yard) -> None:
        yard.open()
        signed = yard.sign_photo(picture())
        yard.send(signed)
        found = yard.cast.phone("vera").get(PATH).json()
        assert (found["run"], found["template"], found["version"]) == (RUN, "small", yard.version)
        entries = yard.entries()
        assert [event["index"] for event in found["events"]] == [entry.index for entry in entries]
        assert [event["hash"] for event in found["events"]] == [entry.payload_hash for entry in entries]
        assert found["events"][-1]["payload"] == json.loads(payload_of(signed))
        assert (found["events"][-1]["standing"], found["events"][-1]["codes"]) == ("accepted", [])
        assert found["heads"] == [signed.payload_hash]

    def test_leaves_out_what_the_reader_has(self, yard: Yard) -> None:
        yard.open()
        client = yard.cast.phone("wen")
        whole = client.get(PATH).json()["events"]
        for after in range(len(whole) + 2):
            assert client.get(f"{PATH}?after={after}").json()["events"] == whole[after:]
        assert client.get(f"{PATH}?after=-1").status_code == 422

    def test_is_not_sent_again_until_something_has_changed(self, yard: Yard) -> None:
        yard.open()
        client = yard.cast.phone("wen")
        first = client.get(PATH)
        same = client.get(PATH, headers={"if-none-match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        other = client.get(f"{PATH}?after=1", headers={"if-none-match": first["ETag"]})
        assert other.status_code == 200
        yard.send(yard.sign_photo(picture()))
        changed = client.get(PATH, headers={"if-none-match": first["ETag"]})
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]

    @pytest.mark.parametrize("part", ["", "/pack", "/policy"])
    def test_is_not_there_for_another_company(self, yard: Yard, part: str) -> None:
        yard.finish()
        size = yard.size("quarry")
        answer = yard.cast.phone("quentin").get(PATH + part)
        assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")
        own = yard.cast.phone("chen").get(PATH + part)
        assert (own.status_code, own.getvalue() != b"") == (200, True)
        assert Client().get(PATH + part).status_code == 401
        assert yard.size("quarry") == size


class TestGetRuns:
    def test_lists_ones_own_and_those_of_the_company(self, yard: Yard) -> None:
        yard.open()
        yard.finish(run="c" * 32)

        def listed(username: str, query: str = "") -> list[str]:
            return [row["run"] for row in yard.cast.phone(username).get(f"/api/v1/runs{query}").json()["runs"]]

        assert listed("wen") == ["c" * 32, RUN]
        assert listed("wen", "?mine=true&status=open") == [RUN]
        assert listed("li", "?mine=true") == []
        assert listed("wen", "?status=ended") == ["c" * 32]
        assert listed("quentin") == []

    def test_say_whose_turn_it_is(self, yard: Yard) -> None:
        yard.open()
        turns = {name: yard.cast.phone(name).get("/api/v1/runs").json()["runs"][0]["my_turn"] for name in ("wen", "li")}
        assert turns == {"wen": True, "li": False}
