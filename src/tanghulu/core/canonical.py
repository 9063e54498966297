"""Canonical JSON: the one byte encoding of a fact that is signed or hashed (docs/formats/canonical-json.md).

RFC 8785 under restrictions (no null, no fractions, ASCII keys, integers below 2^53), so that every common JSON library
reads the same value from the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, NoReturn, TypeAlias, cast

from tanghulu.core.errors import Invalid

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool"
"""What a canonical JSON text holds once it is read."""

Encodable: TypeAlias = "Mapping[str, Encodable] | Sequence[Encodable] | str | int | bool"
"""What can be written; tuples become arrays."""

MAX_BYTES: Final = 65_535
"""The longest fact. Files of a pack that gather facts have limits of their own."""

MAX_DEPTH: Final = 32
INTEGER_BOUND: Final = 2**53

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?")
_NEGATIVE_ZERO = re.compile(r"-0(?:\.0+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CanonicalError(Invalid):
    """Bytes or a value outside canonical JSON.

    Codes: `json_malformed`, `json_duplicate_key`, `json_bad_key`, `json_null`, `json_fraction`,
    `json_number_too_large`, `json_lone_surrogate`, `json_too_deep`, `json_too_large`, `json_not_canonical`.
    """


def dumps(value: Encodable, *, limit: int = MAX_BYTES) -> bytes:
    """The canonical bytes of `value`, at most `limit` of them.

    Raises:
        CanonicalError: the value has no canonical form, or more bytes than `limit`.
    """
    _check(value, 0)
    raw = _encode(value)
    if len(raw) > limit:
        raise CanonicalError("json_too_large")
    return raw


def loads(raw: bytes, *, limit: int = MAX_BYTES) -> Value:
    """The value of bytes that are canonical JSON; bytes are never repaired.

    Raises:
        CanonicalError: with the code of what is wrong; `json_not_canonical` when only the spelling is.
    """
    value = _decode(raw, limit, _DECODER)
    if _encode(cast("Encodable", value)) == raw:
        return value
    # Not the same bytes: a duplicate key is worth its own code, which only the slower reader can tell.
    _decode(raw, limit, _DECODER_OF_PAIRS)
    raise CanonicalError("json_not_canonical")


def parse(raw: bytes, *, limit: int = MAX_BYTES) -> Value:
    """The value of JSON bytes in any spelling (white space, key order, escapes), under the same restrictions.

    For what arrives over HTTP and is stored in canonical form; what is signed or hashed is read with `loads`.

    Raises:
        CanonicalError: with the code of what is wrong.
    """
    value = _decode(raw, limit, _DECODER_OF_PAIRS)
    # Escapes can spell lone surrogates, which have no bytes.
    _encode(cast("Encodable", value))
    return value


def is_decimal(text: str) -> bool:
    """Whether `text` is a decimal: up to 15 digits, a point and up to 9 digits, without a negative zero."""
    return _DECIMAL.fullmatch(text) is not None and _NEGATIVE_ZERO.fullmatch(text) is None


def is_time(text: str) -> bool:
    """Whether `text` is `YYYY-MM-DDTHH:MM:SS.mmmZ` and such a moment exists."""
    return _TIME.fullmatch(text) is not None and _exists(datetime.fromisoformat, text[:-1])


def is_date(text: str) -> bool:
    """Whether `text` is `YYYY-MM-DD` and such a day exists."""
    return _DATE.fullmatch(text) is not None and _exists(date.fromisoformat, text)


def parse_time(text: str) -> datetime:
    """The moment that a canonical time names, aware, in UTC.

    Raises:
        CanonicalError: `time_malformed`.
    """
    if not is_time(text):
        raise CanonicalError("time_malformed")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def format_time(at: datetime) -> str:
    """The canonical text of an aware moment, cut to milliseconds."""
    moment = at.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z".rjust(24, "0")


def _exists(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


# For values inside the restrictions the standard library writes the bytes of RFC 8785: a property test holds the two
# together. Sorting by code point equals sorting by UTF-16 unit because keys are ASCII.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _encode(value: Encodable) -> bytes:
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise CanonicalError("json_lone_surrogate") from None


def _decode(raw: bytes, limit: int, decoder: json.JSONDecoder) -> Value:
    if len(raw) > limit:
        raise CanonicalError("json_too_large")
    try:
        text = raw.decode().strip(" \t\n\r")
        value, end = decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        # Nesting that exhausts the reader is far beyond the limit.
        raise CanonicalError("json_too_deep" if isinstance(error, RecursionError) else "json_malformed") from None
    if end != len(text):
        raise CanonicalError("json_malformed")
    if not _is_plain(raw):
        _check(value, 0)
    return cast("Value", value)


def _is_plain(raw: bytes) -> bool:
    """Whether the bytes of a JSON text alone show that no null, no bad key and no deep nesting is in it.

    Nearly all facts are so plain; the others are walked through. Numbers are judged while they are read.
    """
    return (
        raw.isascii()
        and b"\\" not in raw
        and b"\x7f" not in raw
        and b'"":' not in raw
        and b"null" not in raw
        and raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH
    )


def _check(value: object, depth: int) -> None:
    """Raise for anything outside the restrictions, anywhere in `value`, which lies `depth` levels deep."""
    if isinstance(value, str) or value is True or value is False:
        return
    if isinstance(value, dict):
        children: Iterable[object] = value.values()
        for key in value:
            _check_key(key)
    elif isinstance(value, (list, tuple)):
        children = value
    else:
        _check_number(value)
        return
    if depth >= MAX_DEPTH:
        raise CanonicalError("json_too_deep")
    for child in children:
        _check(child, depth + 1)


def _check_key(key: object) -> None:
    # Among ASCII characters, the printable ones are exactly U+0020 to U+007E.
    if not (isinstance(key, str) and key and key.isascii() and key.isprintable()):
        raise CanonicalError("json_bad_key")


def _check_number(value: object) -> None:
    if isinstance(value, int):
        if not -INTEGER_BOUND < value < INTEGER_BOUND:
            raise CanonicalError("json_number_too_large")
        return
    if value is None:
        raise CanonicalError("json_null")
    raise CanonicalError("json_fraction" if isinstance(value, float) else "json_malformed")


def _refuse_fraction(_text: str) -> NoReturn:
    raise CanonicalError("json_fraction")


def _integer(text: str) -> int:
    # Seventeen characters hold every permitted integer with its sign; longer ones need not be converted at all.
    if len(text) > len(str(-INTEGER_BOUND)) or not -INTEGER_BOUND < (value := int(text)) < INTEGER_BOUND:
        raise CanonicalError("json_number_too_large")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise CanonicalError("json_duplicate_key")
    return value


_DECODER = json.JSONDecoder(parse_float=_refuse_fraction, parse_constant=_refuse_fraction, parse_int=_integer)
_DECODER_OF_PAIRS = json.JSONDecoder(
    parse_float=_refuse_fraction, parse_constant=_refuse_fraction, parse_int=_integer, object_pairs_hook=_unique
)
