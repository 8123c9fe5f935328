from datetime import timedelta
from pathlib import Path

from pipeline.backup.make import make
from pipeline.backup.vault import Vault
from pipeline.doctor.backups import backup
from store.clock import FixedClock
from store.settings import Settings


def test_the_age_of_the_newest_backup_is_told(sqlite_url: str, tmp_path: Path, clock: FixedClock):
    def verdicts(settings: Settings) -> list[str]:
        return [finding.verdict for finding in backup(settings, clock)]

    none = Settings(data_dir=tmp_path, database_url=sqlite_url)
    settings = none.model_copy(update={"backup_dir": tmp_path / "backups", "backup_max_age_hours": 26})
    assert (verdicts(none), verdicts(settings)) == (["warning"], ["wrong"])

    made = make(settings, clock, Vault(tmp_path / "backups"), lambda *_: None).manifest
    clock.moment += timedelta(hours=26)
    (fine,) = backup(settings, clock)
    assert (fine.verdict, fine.en) == ("ok", f"the newest backup is {made.name}, 26.0 hours old")
    clock.moment += timedelta(seconds=1)
    (late,) = backup(settings, clock)
    assert (late.verdict, "diting backup make" in late.mend_en) == ("wrong", True)
