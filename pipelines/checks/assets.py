"""The suites as Dagster asset checks.

Here belongs the translation from suite to check spec and from outcome to check result, and no rule.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import dagster as dg

from pipelines.checks.runner import Outcome, run_suites
from pipelines.checks.suites import Expectation, Suite

STEP = "rimlighet"
BLOCKED = "Ingen ny utgåva: {antal} blockerande {ord} föll. Gör så här: {rad}. Kör sedan lager run igen."


def make_checks(suites: Iterable[Suite], build_path: Callable[[], Path]) -> list[dg.AssetChecksDefinition]:
    """One check step for all suites: the heavy import is paid once and one connection is open at a time.

    `build_path` is called when the step runs, so that definitions load without settings. An empty list
    comes back when there are no suites.
    """
    known = tuple(suites)
    specs = [_spec(suite, expectation) for suite in known for expectation in suite.forvantningar]
    if not specs:
        return []

    @dg.multi_asset_check(name=STEP, specs=specs, can_subset=True, compute_kind="python")
    def rimlighet(context: dg.AssetCheckExecutionContext) -> Iterable[dg.AssetCheckResult]:
        yield from _run(known, build_path, context.selected_asset_check_keys)

    return [rimlighet]


def _spec(suite: Suite, expectation: Expectation) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name=expectation.check_name,
        asset=dg.AssetKey(suite.asset_path),
        description=expectation.beskrivning,
        blocking=expectation.blockerande,
        metadata={"tabell": suite.tabell, **_promise(expectation)},
    )


def _promise(expectation: Expectation) -> dict[str, str]:
    return {
        "basis": expectation.basis,
        "ägare": expectation.agare,
        "datum": expectation.datum.isoformat(),
        "åtgärd": expectation.atgard,
    }


def _run(
    suites: Iterable[Suite], build_path: Callable[[], Path], selected: Collection[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    blocked: list[Expectation] = []
    for suite in suites:
        chosen = _chosen(suite, selected)
        if chosen is not None:
            for outcome in run_suites(build_path(), [chosen]):
                blocked += [outcome.expectation] if outcome.expectation.blockerande and not outcome.passed else []
                yield _result(suite, outcome)
    if blocked:
        raise dg.Failure(stop_message(blocked), allow_retries=False)


def stop_message(blocked: Sequence[Expectation]) -> str:
    """What the step says when checks stop the release: which, and the remedy of each."""
    lines = "; ".join(f"{e.id} ({e.beskrivning}): {e.atgard.rstrip('.')}" for e in blocked)
    return BLOCKED.format(antal=len(blocked), ord="kontroll" if len(blocked) == 1 else "kontroller", rad=lines)


def _chosen(suite: Suite, selected: Collection[dg.AssetCheckKey]) -> Suite | None:
    key = dg.AssetKey(suite.asset_path)
    wanted = [e for e in suite.forvantningar if dg.AssetCheckKey(key, e.check_name) in selected]
    return suite.model_copy(update={"forvantningar": tuple(wanted)}) if wanted else None


def _result(suite: Suite, outcome: Outcome) -> dg.AssetCheckResult:
    expectation = outcome.expectation
    warns = expectation.allvar == "WARN" and not outcome.error  # what could not be tried is no mere warning
    return dg.AssetCheckResult(
        passed=outcome.passed,
        asset_key=dg.AssetKey(suite.asset_path),
        check_name=expectation.check_name,
        severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
        description=None if outcome.passed else f"Gör så här: {expectation.atgard}",
        metadata={**_numbers(outcome), **_promise(expectation)},
    )


def _numbers(outcome: Outcome) -> dict[str, dg.MetadataValue]:
    numbers: dict[str, dg.MetadataValue] = {
        "status": dg.MetadataValue.text(outcome.status),
        "rader": dg.MetadataValue.int(outcome.rows),
    }
    for kind, values in (("observerat", outcome.observed), ("tröskel", outcome.threshold)):
        numbers |= {f"{kind} {name}": dg.MetadataValue.float(float(value)) for name, value in values.items()}
    if outcome.unexpected is not None:
        numbers["utanför"] = dg.MetadataValue.int(outcome.unexpected)
    if outcome.error:
        numbers["felslag"] = dg.MetadataValue.text(outcome.error)
    return numbers
