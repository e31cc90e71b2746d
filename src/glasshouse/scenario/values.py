"""What pydantic finds in a scenario's values, in our own sentences; and the keys Glasshouse refuses on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.explain import AT_MOST, Problem, dotted, meant

if TYPE_CHECKING:
    from pydantic import ValidationError

    from glasshouse.scenario.positions import Path

__all__ = ["from_pydantic"]

_GUARDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "GH501",
        "lists of words or expressions to look for in what people write",
        "describe speech by rates: `per_day`, `caught_share`, `false_alarm_per_day`",
        ("keyword", "keywords", "keyword_list", "regex", "regexp", "regular_expression", "regular_expressions",
         "pattern", "patterns", "words", "word_list", "wordlist", "blocklist", "phrases", "classifier", "prompt"),
    ),
    (
        "GH502",
        "real people or real firms",
        "citizens are drawn from shares; use groups `a` to `h`, and `domestic` or `foreign` for a platform",
        ("name", "names", "real_name", "real_names", "person", "persons", "people", "phone", "phones", "phone_number",
         "mobile", "id_number", "id_numbers", "id_card", "id_card_number", "resident_id", "passport", "email", "emails",
         "address", "addresses", "wechat_id", "user_id", "user_ids", "account_ids", "citizen_list", "firm", "firms",
         "company_name", "brand", "face_image", "face_images", "photo", "photos", "faces", "fingerprint", "voice",
         "edge_list", "edges", "records_file", "csv"),
    ),
    (
        "GH503",
        "real places finer than a province",
        "the province is the finest place",
        ("coordinates", "latitude", "longitude", "lat", "lon", "lng", "gps", "geojson", "street",
         "location", "locations"),
    ),
)  # fmt: skip
MOST_TRANSLATED = 1000  # of the tens of thousands that a large file can have
BYTES_PER_CITIZEN = 10  # dense state; side tables come on top
_PURPOSE = (
    "Glasshouse simulates synthetic citizens, so that what such schemes do can be judged; "
    "it cannot be used to find, rate or silence anybody"
)
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text in quotation marks",
    "dict": "a table",
    "model": "a table",
    "tuple": "a list",
    "list": "a list",
    "date": "a date such as 2019-01-01",
}


def from_pydantic(error: ValidationError) -> list[Problem]:
    """Return pydantic's findings in our own sentences."""
    problems = [_problem(finding) for finding in error.errors(include_url=False)[:MOST_TRANSLATED]]
    bad = {problem.path for problem in problems if problem.code == "GH007"}
    return [
        p
        for p in problems
        if p.code == "GH007" or not any(p.path[:n] in bad for n in range(1, len(p.path) + 1))
    ]


def _problem(finding: Any) -> Problem:
    """Return one finding of pydantic as a problem."""
    kind, context, given = finding["type"], finding.get("ctx", {}), finding.get("input")
    path = tuple(part for part in finding["loc"] if part != "[key]")
    if "[key]" in finding["loc"]:
        return _bad_name(path, kind, context)
    if kind == "extra_forbidden":
        return _unknown(path)
    if kind == "missing":
        return _missing(path)
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return Problem(
            "GH102", path, f"must be {_bounds(path)}, is {_number(given)}", _bound_help(path, given)
        )
    if kind == "literal_error":
        return _choice(path, given)
    if kind in ("too_short", "too_long"):
        return Problem("GH111", path, f"holds {len(given):,} items, must hold {_length(path, 'Items')}")
    if kind in ("string_too_short", "string_too_long"):
        return Problem(
            "GH110", path, f"is {len(str(given)):,} characters long, must be {_length(path, 'Length')}"
        )
    if kind == "string_pattern_mismatch":
        return Problem(
            "GH110", path, f"`{clean(given)}` is not a name: {_name_form(context.get('pattern', ''))}"
        )
    if kind == "int_from_float":
        return Problem("GH101", path, f"must be a whole number, is {_number(given)}")
    return _wrong_kind(path, kind, given)


def _wrong_kind(path: Path, kind: str, given: Any) -> Problem:
    """Return the problem of a value of another kind than the field takes."""
    wanted = _KINDS.get(kind.removesuffix("_type").removesuffix("_parsing").split("_")[0])
    if wanted is None:
        return Problem("GH112", path, f"is {_described(given)}, which is not allowed here")
    help = None
    if (
        isinstance(given, str)
        and "number" in wanted
        and given.strip().replace(".", "", 1).lstrip("+-").isdigit()
    ):
        help = f"write {clean(given.strip(), 40)} without quotation marks"
    elif isinstance(given, dict) and "number" in wanted:
        help = "write the number, or a table { value = ... } with its evidence"
    elif isinstance(given, str) and "date" in wanted:
        help = "write the date without quotation marks" if given[:4].isdigit() else None
    elif wanted.startswith("text") and isinstance(given, (int, float)) and not isinstance(given, bool):
        help = f'write "{_number(given)}"'
    return Problem("GH101", path, f"must be {wanted}, is {_described(given)}", help)


def _described(given: Any) -> str:
    """Return what a value is, in words."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, str):
        return f'the text "{clean(given, 60)}"'
    if isinstance(given, Mapping):
        return "a table"
    if isinstance(given, (list, tuple)):
        return "a list"
    return _number(given)


def _number(given: Any) -> str:
    """Return a number with thousands separated."""
    return clean(f"{given:,}" if isinstance(given, int) else given)


def _bounds(path: Path) -> str:
    """Return the bounds of the field, `between 0 and 1`."""
    from glasshouse.scenario.json_schema import field_at

    field = field_at(path)
    low, high = field.get("minimum"), field.get("maximum")
    if "exclusiveMinimum" in field:
        return f"above {_plain(field['exclusiveMinimum'])} and at most {_plain(high)}"
    if low is not None and high is not None:
        return f"between {_plain(low)} and {_plain(high)}"
    return f"at least {_plain(low)}" if high is None else f"at most {_plain(high)}"


def _plain(bound: float | None) -> str:
    """Return a bound without needless decimals."""
    return f"{int(bound):,}" if bound is not None and bound == int(bound) else str(bound)


def _bound_help(path: Path, given: Any) -> str | None:
    """Return the help for a share that was probably meant in percent."""
    if _bounds(path) == "between 0 and 1" and isinstance(given, (int, float)) and 2 <= given <= 100:
        return f"for {given:g} percent write {{ percent = {given:g} }}"
    return None


def _length(path: Path, what: str) -> str:
    """Return the allowed length of a list (`Items`) or a text (`Length`)."""
    from glasshouse.scenario.json_schema import field_at

    field = field_at(path)
    low, high = field.get(f"min{what}", 0), field.get(f"max{what}")
    if low == high:
        return f"{low:,}"
    return f"{low:,} to {high:,}" if high is not None else f"at least {low:,}"


def _name_form(pattern: str) -> str:
    """Return the form of a name in words."""
    if "A-Z" in pattern:
        return "letters, digits, `+`, `_` and `-`, at most 16 characters"
    return "a to z, 0 to 9, `_` and `-`, at most 64 characters"


def _bad_name(path: Path, kind: str, context: Mapping[str, Any]) -> Problem:
    """Return the problem of a table name that is not allowed."""
    name = clean(path[-1])
    if kind == "literal_error":
        wanted = clean(context.get("expected", "")).replace(" or ", ", ").replace("'", "`")
        return Problem("GH105", path, f"unknown name `{name}`; allowed: {wanted}", on_key=True)
    return Problem("GH007", path, f"the name `{name}` is not allowed: {_name_form('')}", on_key=True)


def _unknown(path: Path) -> Problem:
    """Return the problem of a key that the scenario language does not have."""
    from glasshouse.scenario.json_schema import field_at

    key = str(path[-1])
    word = key.lower().replace("-", "_")
    for code, what, help, words in _GUARDS:
        if word in words:
            message = f"`{clean(key)}` is not a setting: Glasshouse has no way in for {what}"
            return Problem(code, path, message, help, (_PURPOSE,), on_key=True)
    names = [*field_at(path[:-1]).get("properties", ())]
    near = meant(word, names)
    help = (
        f"did you mean `{near}`?"
        if near
        else f"allowed: {', '.join(names)}"
        if len(names) <= AT_MOST
        else None
    )
    place = f"in [{dotted(path[:-1])}]" if len(path) > 1 else "at the top"
    return Problem("GH103", path, f"unknown key `{clean(key)}` {place}", help, on_key=True)


def _missing(path: Path) -> Problem:
    """Return the problem of a key that must be there."""
    from glasshouse.scenario.json_schema import field_at

    field = field_at(path)
    meaning = f": {field['description']}" if field.get("description") else ""
    if path == ("society",):
        return Problem("GH104", path, "no [society] table", "add [society] with citizens = 1000")
    key = clean(path[-1])
    return Problem("GH104", path, f"`{key}` is missing{meaning}", f"add {key} = ...", on_key=True)


def _choice(path: Path, given: Any) -> Problem:
    """Return the problem of a word that is not one of the choices."""
    from glasshouse.scenario.json_schema import field_at

    field = field_at(path)
    choices = [str(choice) for choice in field.get("enum", [field.get("const")])]
    near = meant(given, choices)
    what = f"`{clean(given)}` is not a choice; allowed: {', '.join(choices)}"
    return Problem("GH105", path, what, f"did you mean `{near}`?" if near else None)


def too_many(tree: Mapping[str, Any]) -> list[Problem]:
    """Return the guard's problem when more citizens are asked for than can ever be held, else nothing."""
    from glasshouse.scenario.schema import MAX_CITIZENS

    society = tree.get("society")
    citizens = society.get("citizens") if isinstance(society, Mapping) else None
    if isinstance(citizens, bool) or not isinstance(citizens, int) or not MAX_CITIZENS < citizens <= 10**16:
        return []
    size, unit = citizens * BYTES_PER_CITIZEN, ""
    for unit in ("GB", "TB", "PB"):
        size = citizens * BYTES_PER_CITIZEN / {"GB": 1e9, "TB": 1e12, "PB": 1e15}[unit]
        if size < 1000:
            break
    message = f"{citizens:,} citizens need about {size:.3g} {unit} ({BYTES_PER_CITIZEN} bytes each)"
    note = f"at most {MAX_CITIZENS:,} citizens can be numbered, whatever the machine"
    return [Problem("GH504", ("society", "citizens"), message, "try citizens = 1_000_000", (note,))]
