import os
import subprocess
import sys
from dataclasses import replace

from pipeline import owner
from pipeline.owner import Owner, fate_of, owner_of, this_process


def test_lease_token_names_its_process() -> None:
    assert owner_of(this_process().new_lease()) == this_process()


def test_no_two_leases_share_a_token() -> None:
    assert this_process().new_lease() != this_process().new_lease()


def test_foreign_token_names_nobody() -> None:
    assert owner_of("someone else") is None
    assert owner_of("host/pid/1/2/3/4") is None


def test_running_process_is_alive() -> None:
    assert fate_of(this_process()) == "alive"


def test_process_that_died_alone_has_crashed() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = owner.process_start(child.pid)
    assert started is not None
    me = this_process()
    theirs = replace(me, pid=child.pid, started=started, parent_pid=me.pid, parent_started=me.started)
    assert fate_of(theirs) == "alive"

    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, but not yet collected

    assert fate_of(theirs) == "crashed"
    child.communicate()
    assert fate_of(theirs) == "crashed"


def test_process_whose_parent_is_gone_too_was_interrupted() -> None:
    me = this_process()

    assert fate_of(replace(me, started="1", parent_started="1")) == "interrupted"


def test_same_number_given_to_a_later_process_is_not_mistaken() -> None:
    assert fate_of(replace(this_process(), started="1")) == "crashed"


def test_process_of_another_machine_counts_as_alive() -> None:
    assert fate_of(Owner("elsewhere", 1, "1", 1, "1")) == "alive"


def test_missing_process_has_no_start() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert owner.process_start(child.pid) is None
