# SPDX-License-Identifier: Apache-2.0
"""Drives the Python client against a twin of the C++ test. A line "do WHAT" asks the twin for something; python_client.py
FOLDER_OF_CLIENT ADDRESS [KEY SERVER_KEY]. Ends with "passed"."""
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import numpy as np

import jouletwin

address, keys = sys.argv[2], sys.argv[3:]


def do(what):
    print("do", what, flush=True)


def until(twin, wanted):
    """Messages until one is wanted."""
    got = []
    for _ in range(100):
        for message in twin.poll(0.5):
            got.append(message)
        if any(wanted(message) for message in got):
            return got
    raise AssertionError(f"it did not come; counters {twin.counters}")


if keys:
    try:
        with jouletwin.Twin(address) as stranger:
            stranger.ask_hello(0.5)
        raise AssertionError("a client without a key got an answer")
    except jouletwin.Error as error:
        assert "no" in str(error), error
    with jouletwin.Twin(address, ["state"], *keys) as twin:
        assert until(twin, lambda m: m.type == "state")
    print("passed")
    sys.exit()

with jouletwin.Twin(address, ["state", "alarm", "field/T_K", "heartbeat"], silence_s=0.5) as twin:
    got = until(twin, lambda m: m.type == "state")
    assert twin.hello["role"] == "twin", twin.hello
    assert sorted(name for name in twin.latest) == ["alarm/cold", "alarm/hot", "field/T_K", "heartbeat", "state"], twin.latest
    assert twin.latest["state"].data["scalars"]["T_mean_K"]["value"] == 1273.15
    assert twin.latest["state"].data["run_s"] == 3.0
    assert not twin.latest["state"].stale()
    assert twin.latest["field/T_K"].stale()  # its valid_until is long over
    field = twin.latest["field/T_K"].data
    assert field.values.shape == (2, 3, 4) and field.values[1, 0, 0] == 1 and field.values[0, 1, 0] == 2
    assert field.values[0, 0, 1] == 6 and np.isnan(field.values[1, 2, 3]) and field.voxel == [0.001, 0.002, 0.003]

    # What is published now arrives, once the subscription works, and nothing twice.
    until(twin, lambda m: m.type == "heartbeat" and m.data["uptime_s"] > 1)
    before = twin.latest["state"].seq
    do("state")
    got = until(twin, lambda m: m.type == "state")
    assert [m.seq for m in got if m.type == "state"] == [before + 1], got
    assert twin.counters["gaps"] == 0, twin.counters

    do("gap")
    got = [m for m in until(twin, lambda m: m.type == "state") if m.type == "state"]
    assert got[0].lost and twin.counters["gaps"] == 1 and twin.counters["missing"] == 2, twin.counters
    do("garbage")
    until(twin, lambda m: m.type == "state" and m.data["run_s"] == 99.0)
    for reason, least in {"repeated": 1, "header": 1, "parts": 1, "not_json": 2, "version": 1, "shape": 1}.items():
        assert twin.counters["rejected." + reason] >= least, (reason, twin.counters)

    do("restart")
    until(twin, lambda m: m.type == "state" and m.data["run_s"] == 1.0)
    assert twin.counters["restarts"] >= 1, twin.counters

    assert twin.text("scenario") == 'title = "x"\n'
    assert twin.history() == {"time_s": [0, 1]}
    ahead, error = twin.compare_clocks()
    assert abs(ahead) <= error + 1e-3, (ahead, error)
    try:
        twin.text("nothing")
        raise AssertionError("no refusal")
    except jouletwin.Refused as refusal:
        assert "nothing" in str(refusal), refusal
answer = jouletwin.send_command(address, "start", timeout_s=20)
assert answer["accepted"] is False and answer["reason"] == "not today", answer
print("passed")
