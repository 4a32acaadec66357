"""After a restore: rebuild, then release. python -m tests.faults.outbox.release"""

from __future__ import annotations

import django

django.setup()

from tideover.casework.outreach.outbox import control  # noqa: E402

if __name__ == "__main__":
    print(*control.rebuild())
    control.release(by="a person")
