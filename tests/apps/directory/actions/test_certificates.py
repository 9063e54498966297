from datetime import date

import pytest

from tanghulu.apps.directory import actions, queries
from tanghulu.core.errors import Conflict, NotAllowed, NotFound
from tests.support.cast import Cast

DAY = date(2027, 5, 1)


class TestAddCertificate:
    def test_adds_it_to_the_persons_facts(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        actions.add_certificate(at_harbour["chen"], member=wen, kind="height", number="H-1", valid_until=DAY)
        assert queries.facts_of([wen]) == {wen: {"roles": ["worker"], "certificates": {"height": "2027-05-01"}}}

    def test_refuses_the_same_twice(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        actions.add_certificate(at_harbour["chen"], member=wen, kind="height", number="H-1", valid_until=DAY)
        with pytest.raises(Conflict, match="certificate_exists"):
            actions.add_certificate(at_harbour["chen"], member=wen, kind="height", number="H-1", valid_until=DAY)

    def test_refuses_somebody_of_another_company(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            actions.add_certificate(
                at_harbour["chen"], member=at_harbour["quentin"].member, kind="height", number="1", valid_until=DAY
            )

    def test_is_not_for_the_person_alone(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_certificate(
                at_harbour["wen"], member=at_harbour["wen"].member, kind="height", number="1", valid_until=DAY
            )


class TestRemoveCertificate:
    def test_takes_it_away(self, at_harbour: Cast) -> None:
        li = at_harbour["li"].member
        held = queries.member(at_harbour["chen"], ref=li).certificates[0]
        actions.remove_certificate(at_harbour["chen"], member=li, certificate=held.id)
        assert queries.member(at_harbour["chen"], ref=li).certificates == ()

    def test_does_not_take_one_of_another_person(self, at_harbour: Cast) -> None:
        held = queries.member(at_harbour["chen"], ref=at_harbour["li"].member).certificates[0]
        with pytest.raises(NotFound, match="certificate_not_found"):
            actions.remove_certificate(at_harbour["chen"], member=at_harbour["wen"].member, certificate=held.id)

    def test_is_not_for_workers(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.remove_certificate(at_harbour["wen"], member=at_harbour["li"].member, certificate=1)
