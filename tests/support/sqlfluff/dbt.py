"""What the models ask of dbt's own macros, so that sqlfluff can render them without dbt."""


def type_string() -> str:
    """dbt.type_string on DuckDB."""
    return "text"


def dateadd(part: str, count: object, start: str) -> str:
    """dbt.dateadd on DuckDB."""
    return f"({start} + {count} * interval '1 {part}')"


def last_day(day: str, part: str) -> str:
    """dbt.last_day on DuckDB."""
    return f"(date_trunc('{part}', {day}) + interval '1 {part}' - interval '1 day')"


def hash(field: str) -> str:  # noqa: A001
    """dbt.hash on DuckDB."""
    return f"md5(cast({field} as varchar))"


def datediff(first: str, second: str, part: str) -> str:
    """dbt.datediff on DuckDB."""
    return f"date_diff('{part}', {first}, {second})"
