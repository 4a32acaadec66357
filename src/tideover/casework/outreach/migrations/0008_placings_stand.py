"""What was said of whose a reply is, is never changed or taken away: the database refuses it."""

from typing import Any

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER placing_no_{verb.lower()} BEFORE {verb} ON reply_placing "
    "BEGIN SELECT RAISE(ABORT, 'a placing stands as it was written'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE FUNCTION placing_stands() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a placing stands as it was written'; END $$",
    "CREATE TRIGGER placing_stands BEFORE UPDATE OR DELETE ON reply_placing "
    "FOR EACH ROW EXECUTE FUNCTION placing_stands()",
]
BACK = {
    "sqlite": ["DROP TRIGGER placing_no_update", "DROP TRIGGER placing_no_delete"],
    "postgresql": ["DROP TRIGGER placing_stands ON reply_placing", "DROP FUNCTION placing_stands"],
}


def _run(statements: dict[str, list[str]]) -> Any:
    def run(apps: Any, editor: Any) -> None:
        for statement in statements[editor.connection.vendor]:
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    """Two triggers."""

    dependencies = [("outreach", "0007_whose_a_reply_is")]
    operations = [
        migrations.RunPython(_run({"sqlite": SQLITE, "postgresql": POSTGRES}), _run(BACK))
    ]
