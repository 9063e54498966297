import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

BAD = {"authorization": "Bearer tgh_harbour_" + "0" * 43, "accept-language": "en"}


class TestCounted:
    def test_slows_down_who_guesses_tokens(self) -> None:
        client = Client(headers=BAD)
        answers = [client.get("/api/v1/me") for _ in range(61)]
        assert [answer.status_code for answer in answers] == [401] * 60 + [429]
        assert answers[-1].json()["code"] == "too_many_attempts"
        assert 0 < int(answers[-1]["Retry-After"]) <= 60

    def test_never_refuses_a_good_token_of_the_same_network(self, cast) -> None:
        phone, client = cast.phone("wen"), Client(headers=BAD)
        for _ in range(61):
            client.get("/api/v1/me")
        assert phone.get("/api/v1/me").status_code == 200

    def test_slows_down_who_guesses_codes_of_enrolment(self) -> None:
        client = Client(headers={"accept-language": "en"})
        answers = [
            client.post("/api/v1/enrolments/begin", {"code": str(number)}, content_type="application/json")
            for number in range(21)
        ]
        assert [answer.status_code for answer in answers] == [404] * 20 + [429]
        assert answers[-1].json()["message"].startswith("Too many attempts. Please wait")
