"""The version document of docs/formats/template.md as models: what a version may look like, and its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from tanghulu.core import canonical

_YEARS = 10 * 366 * 24 * 3600


def _not_minus_nought(value: str) -> str:
    if not canonical.is_decimal(value):
        raise ValueError("there is no minus nought")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
DecimalText = Annotated[
    str,
    StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?$"),
    AfterValidator(_not_minus_nought),
]
Seconds = Annotated[int, Field(ge=1, le=_YEARS)]
Text = Annotated[dict[Tag, Line], Field(min_length=1)]
Absent = SkipJsonSchema[None]


class Model(BaseModel):
    """A part of a version document: nothing is coerced, nothing unknown is let in, what is optional is absent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Subject(Model):
    """What the job is about; `scan` asks for the code on it."""

    equipment: Id | Absent = None
    scan: bool | Absent = None


class Part(Model):
    """A duty in the job."""

    title: Text
    roles: Annotated[list[str], Field(min_length=1)]
    certificate: Id | Absent = None
    count: Annotated[list[Annotated[int, Field(ge=1, le=1000)]], Field(min_length=2, max_length=2)]
    not_same_as: list[Id]


class AbsentOwner(Model):
    """Who may have a lock removed whose owner does not come back."""

    decided_by: Annotated[list[Id], Field(min_length=1)]


class Register(Model):
    """A list of who or what is in."""

    title: Text
    kind: Literal["people", "items", "locks"]
    absent_owner: AbsentOwner | Absent = None


class Who(Model):
    """Who does a step."""

    parts: Annotated[list[Id], Field(min_length=1)]
    each: bool
    policy: Literal["all", "any"]
    newcomers: Literal[True] | Absent = None


class Photo(Model):
    """A slot for photos."""

    title: Text
    show: list[Text]
    count: Annotated[int, Field(ge=1, le=50)]
    camera_only: bool
    fresh: Seconds | Absent = None
    provisional: bool
    illustration: Slug | Absent = None


class Reading(Model):
    """A value to be measured."""

    title: Text
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    at_most: DecimalText | Absent = None
    at_least: DecimalText | Absent = None
    points: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]]
    instrument: bool
    fresh: Seconds | Absent = None
    optional: Literal[True] | Absent = None


class RegisterUse(Model):
    """What a step does with a register."""

    act: Literal["in", "out", "both"]
    at_least: Annotated[int, Field(ge=0, le=1000)]


class Option(Model):
    """One answer that can be chosen."""

    id: Id
    title: Text


class Ask(Model):
    """A question."""

    title: Text
    kind: Literal["yes_no", "choice", "number"]
    options: list[Option]
    must: bool | str | Absent = None


class MustBeEmpty(Model):
    """Nothing may be in a register."""

    register_: Annotated[Id, Field(alias="register")]
    is_: Annotated[Literal["empty"], Field(alias="is")]


class MustHaveOneEach(Model):
    """Every holder of a part has something in a register."""

    register_: Annotated[Id, Field(alias="register")]
    is_: Annotated[Literal["one_each"], Field(alias="is")]
    part: Id


class MustBeSampled(Model):
    """The newest readings of some steps are good and fresh."""

    is_: Annotated[Literal["sampled_within"], Field(alias="is")]
    readings: list[str]
    steps: Annotated[list[str], Field(min_length=1)]
    seconds: Seconds


class Decision(Model):
    """What may be decided."""

    verdicts: Annotated[list[Literal["ok", "no", "back"]], Field(min_length=1)]
    back_to: list[Path]
    reason: Literal["always", "unless_ok"]


class NotBefore(Model):
    """A time to wait."""

    wait: Seconds
    after: Path | Absent = None


class Term(Model):
    """One comparison."""

    value: Annotated[str, StringConstraints(pattern=r"^(answer|reading|count|part):.+$")]
    op: Literal["is", "is_not", "at_most", "at_least", "less_than", "more_than"]
    to: bool | str


class All(Model):
    """Comparisons that must all be true."""

    all: Annotated[list[Term], Field(min_length=1)]


class Condition(Model):
    """Groups of which one must be true."""

    any: Annotated[list[All], Field(min_length=1)]


class EndedBy(Model):
    """A repeat that people end."""

    ended_by: Annotated[list[Id], Field(min_length=1)]


class When(Model):
    """A repeat that ends by a condition."""

    when: Condition


class StepOrder(Model):
    """In which order the author wrote the tables of a step."""

    photos: list[Id] | Absent = None
    readings: list[Id] | Absent = None
    register_: Annotated[list[Id] | Absent, Field(alias="register")] = None
    ask: list[Id] | Absent = None


class Order(Model):
    """In which order the author wrote the tables of a template."""

    people: list[Id] | Absent = None
    registers: list[Id] | Absent = None


class Step(Model):
    """One haw."""

    node: Literal["step"]
    id: Id
    title: Text
    say: Text | Absent = None
    who: Who
    photos: dict[Id, Photo]
    readings: dict[Id, Reading]
    register_: Annotated[dict[Id, RegisterUse], Field(alias="register")]
    ask: dict[Id, Ask]
    must: list[MustBeEmpty | MustHaveOneEach | MustBeSampled]
    decision: Decision | Absent = None
    not_before: NotBefore | Absent = None
    due: Seconds | Absent = None
    order: StepOrder | Absent = None
    source: list[Line]


class Seq(Model):
    """One after the other."""

    node: Literal["seq"]
    do: list[Node]


class Par(Model):
    """All at once."""

    node: Literal["par"]
    do: Annotated[list[Node], Field(min_length=1)]


class Branch(Model):
    """An option of a choice."""

    when: Condition
    do: list[Node]


class Choice(Model):
    """The first option whose condition is true."""

    node: Literal["choice"]
    id: Id
    options: Annotated[list[Branch], Field(min_length=1)]
    otherwise: list[Node]


class Repeat(Model):
    """Rounds."""

    node: Literal["repeat"]
    id: Id
    title: Text | Absent = None
    every: Seconds | Absent = None
    at_least: Annotated[int, Field(ge=1, le=1000)]
    at_most: Annotated[int, Field(ge=1, le=1000)] | Absent = None
    until: EndedBy | When
    do: list[Node]


class Call(Model):
    """An embedded template."""

    node: Literal["call"]
    id: Id
    template: Slug
    version: Hash
    title: Text | Absent = None
    do: list[Node]


Node = Annotated[Step | Seq | Par | Choice | Repeat | Call, Field(discriminator="node")]


class Stage(Model):
    """A stretch of the job."""

    stage: Id
    title: Text
    exit: bool
    do: list[Node]


class Version(Model):
    """A template version."""

    v: Literal[1]
    template: Slug
    title: Text
    about: Text | Absent = None
    category: Slug | Absent = None
    subject: Subject
    opened_by: Annotated[list[str], Field(min_length=1)]
    leads: list[Id]
    expires_after: Seconds | Absent = None
    people: Annotated[dict[Id, Part], Field(min_length=1)]
    registers: dict[Id, Register]
    stages: Annotated[list[Stage], Field(min_length=1)]
    order: Order | Absent = None
    source: list[Line] | Absent = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a version document."""
    schema = Version.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    without_nulls = _without_null_defaults(schema)
    return without_nulls if isinstance(without_nulls, dict) else {}


def _without_null_defaults(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _without_null_defaults(item) for key, item in value.items() if not (key == "default" and item is None)
        }
    if isinstance(value, list):
        return [_without_null_defaults(item) for item in value]
    return value
