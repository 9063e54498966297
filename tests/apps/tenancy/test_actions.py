import pytest

from tanghulu.apps.tenancy import queries, scope
from tanghulu.apps.tenancy.actions import add_first_tenant, add_tenant
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON

pytestmark = pytest.mark.django_db

OPERATOR = Actor.operator("harbour")


class TestAddTenant:
    def test_adds_a_company(self) -> None:
        add_tenant(OPERATOR, slug="harbour", name=" 港湾 ", at=NOON)
        with scope.within("harbour"):
            assert queries.company() == queries.Company("harbour", "港湾", "zh-hans", "Asia/Shanghai")
        assert queries.slugs() == ["harbour"]

    @pytest.mark.parametrize("slug", ["", "a", "Harbour", "1st", "a_b", "a b", "a" * 41, "港湾", "harbour\n", "*"])
    def test_refuses_a_slug_that_is_not_of_the_form(self, slug: str) -> None:
        with pytest.raises(Invalid, match="slug_malformed"):
            add_tenant(OPERATOR, slug=slug, name="x", at=NOON)

    def test_refuses_a_second_of_the_same_slug(self) -> None:
        add_tenant(OPERATOR, slug="harbour", name="港湾", at=NOON)
        with pytest.raises(Conflict, match="tenant_exists"):
            add_tenant(OPERATOR, slug="harbour", name="港湾二", at=NOON)

    def test_refuses_what_it_does_not_know(self) -> None:
        with pytest.raises(Invalid, match="language_unknown"):
            add_tenant(OPERATOR, slug="harbour", name="x", at=NOON, language="tlh")
        with pytest.raises(Invalid, match="time_zone_unknown"):
            add_tenant(OPERATOR, slug="harbour", name="x", at=NOON, time_zone="Moon/Far")
        with pytest.raises(Invalid, match="text_missing"):
            add_tenant(OPERATOR, slug="harbour", name="  ", at=NOON)

    def test_is_the_operators_alone(self) -> None:
        everybody = Actor("harbour", "a" * 32, frozenset(Role))
        with pytest.raises(NotAllowed):
            add_tenant(everybody, slug="harbour", name="x", at=NOON)


class TestCompany:
    def test_refuses_one_that_is_not_there(self) -> None:
        with scope.within("nowhere"), pytest.raises(NotFound):
            queries.company()


class TestAddFirstTenant:
    def test_adds_one_company_and_no_second(self) -> None:
        first = {"name": "海岛公司", "language": "en", "at": NOON}
        with pytest.raises(NotAllowed, match="not_allowed"):
            add_first_tenant(Actor("island", "a" * 32), slug="island", **first)
        add_first_tenant(Actor.operator("island"), slug="island", **first)
        with pytest.raises(Conflict, match="company_exists"):
            add_first_tenant(Actor.operator("other"), slug="other", **first)
