"""What stands in the ledger of money is never changed or taken away: the database refuses it."""

from typing import Any

from django.db import migrations

TABLES = ("money_journal", "money_posting")
SQLITE = [
    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the ledger of money stands as it was written'); END"
    for table in TABLES
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE FUNCTION money_stands() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger of money stands as it was written'; END $$",
    *(
        f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION money_stands()"
        for table in TABLES
    ),
]
BACK = {
    "sqlite": [
        f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")
    ],
    "postgresql": [
        *(f"DROP TRIGGER {table}_stands ON {table}" for table in TABLES),
        "DROP FUNCTION money_stands",
    ],
}


def _run(statements: dict[str, list[str]]) -> Any:
    def run(apps: Any, editor: Any) -> None:
        for statement in statements[editor.connection.vendor]:
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    """Triggers on both tables."""

    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunPython(_run({"sqlite": SQLITE, "postgresql": POSTGRES}), _run(BACK))
    ]
