"""Dagster's view of the reception: one multi-asset for all sources, and the ledger.

Belongs here: assets, their metadata and the reception's lock. Does not belong here: how a delivery is received.
Assets are made from the contracts; a month is a partition, many months go in one run, the municipality never is one.
"""

from collections.abc import Iterator

import dagster as dg
from pydantic import PrivateAttr

from pipelines.contracts.catalogue import model_description
from pipelines.contracts.changes import widest
from pipelines.contracts.model import Contracts, Dataset, get_contracts
from pipelines.landing.gate_sql import landed_columns
from pipelines.landing.ledger.export import TABLES, export_ledger
from pipelines.landing.ledger.store import open_ledger
from pipelines.landing.opening import finish, open_keys
from pipelines.landing.reception import Receiver
from pipelines.landing.remedy import remedy
from pipelines.landing.rewrite import remove_unnamed, require_whole
from pipelines.landing.runlock import BusyError, hold
from pipelines.landing.settle import settle
from pipelines.landing.shown import READING, counts, ledger_tables
from pipelines.settings import get_settings

MONTHS = dg.MonthlyPartitionsDefinition(start_date="2000-01", fmt="%Y-%m")  # no package's name says an earlier month
OWNERS = ["team:dataingenjorer"]

Results = Iterator[dg.MaterializeResult[None]]


class RunLock(dg.ConfigurableResource[None]):
    """Held for a whole run: two runs never write the same warehouse. The second one leaves at once.

    Whoever writes the ledger holds it, so what one step of a run has settled the next need not settle again.
    """

    _settled: bool = PrivateAttr(default=False)

    def settled(self) -> None:
        """The ledger is judged, and nobody else can change it before the run ends."""
        self._settled = True

    def is_settled(self) -> bool:
        """Whether a step of this run, in this process, has said so."""
        return self._settled

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        try:
            self._lock = hold(get_settings())
        except BusyError as error:
            raise dg.Failure(str(error), allow_retries=False) from None

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        self._lock.__exit__(None, None, None)


def _schema(dataset: Dataset, contracts: Contracts) -> dg.TableSchema:
    """The columns that leave the gate, as the UI shows them."""
    dataset = widest(dataset)
    told = {column.name: column.description for column in dataset.columns}
    columns = [
        dg.TableColumn(name, kind, told.get(name) or contracts.columns.get(name))
        for name, kind in landed_columns(dataset).items()
    ]
    return dg.TableSchema(columns)


def _spec(dataset: Dataset, contracts: Contracts) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["landing", dataset.id],
        description=f"{dataset.titel}. {dataset.description.get('purpose', '')}",
        group_name="landing",
        kinds={"parquet", "duckdb"},
        owners=OWNERS,
        metadata={"dagster/column_schema": _schema(dataset, contracts), "kontrakt": f"{dataset.id} {dataset.version}"},
    )


def _reception(contracts: Contracts) -> dg.AssetsDefinition:
    datasets = contracts.datasets.values()

    @dg.multi_asset(
        name="mottagning",
        specs=[_spec(d, contracts) for d in datasets],
        partitions_def=MONTHS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
        required_resource_keys={"kor"},
    )
    def reception(context: dg.AssetExecutionContext) -> Results:
        settings = get_settings()

        def say(done: int, total: int) -> None:
            context.log.info(f"{done} av {total} paket genom grinden")

        with remedy("Mottagningen"):
            engine = open_ledger(settings.ledger_path)
            finish(settings, engine)
            receiver = Receiver(settings, contracts, open_keys(settings, engine, create=True), engine)
            result = receiver.run(set(context.partition_keys), say)
        context.resources.kor.settled()
        context.log.info(f"{result.mottagna} paket mottagna, varav {result.redan_kanda} redan kända")
        with engine.connect() as connection:
            found = counts(connection, [dataset.id for dataset in datasets])
        for dataset_id, numbers in found.items():
            metadata = {**numbers, "paket i körningen": result.mottagna}
            yield dg.MaterializeResult(asset_key=["landing", dataset_id], metadata=metadata)

    return reception


def _ledger_description(name: str) -> str:
    """The words of the staging model that reads it, and how to read the numbers beside."""
    words = model_description("staging", f"stg_huvudbok__{name}") or f"Huvudbokens tabell {name}."
    return f"{words} Huvudbokens tabell, utläst till Parquet. {READING.get(name, '')}".strip()


def _ledger(contracts: Contracts) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            ["landing", name],
            deps=[["landing", d.id] for d in contracts.datasets.values()],
            description=_ledger_description(name),
            group_name="landing",
            kinds={"sqlite", "parquet"},
            owners=OWNERS,
        )
        for name in TABLES
    ]

    @dg.multi_asset(name="huvudbok", specs=specs, required_resource_keys={"kor"})
    def ledger(context: dg.AssetExecutionContext) -> Results:
        settings = get_settings()
        with remedy("Huvudboken"):
            engine = open_ledger(settings.ledger_path)
            if not context.resources.kor.is_settled():
                settle(engine, contracts, settings)
            remove_unnamed(settings.landing, engine)
            require_whole(settings.landing, engine)
            with engine.begin() as connection:
                rows = export_ledger(connection, contracts, settings.asof, settings.landing / "huvudbok")
                shown = ledger_tables(connection, contracts)
        for name, count in rows.items():
            metadata = {"dagster/row_count": dg.MetadataValue.int(count), **shown.get(name, {})}
            yield dg.MaterializeResult(asset_key=["landing", name], metadata=metadata)

    return ledger


def landing_assets() -> list[dg.AssetsDefinition]:
    """The reception of every source, and the ledger."""
    contracts = get_contracts()
    return [_reception(contracts), _ledger(contracts)]
