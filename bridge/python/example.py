#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the state of a live twin and its forecast, and draws the middle slice of a field where matplotlib is there."""
import argparse
import sys
import time

import numpy as np

import jouletwin


def number(estimate, digits=1):
    return f"{estimate['value']:.{digits}f} +- {estimate['sd']:.{digits}f} ({estimate['quality']})"


def show(message):
    stale = ", STALE" if message.stale() else ""
    data = message.data
    if message.type == "state":
        line = f"run {data['run']} at {data['run_s']:.1f} s, {data['quality']}{stale}, {message.age_s():.2f} s old  {data['message']}"
        print(line.rstrip())
        for name, estimate in sorted(data["scalars"].items()):
            print(f"    {name:16s} {number(estimate, 4 if estimate['value'] < 10 else 1)}")
    elif message.type == "forecast" and data["points"]:
        point = data["points"][-1]
        bands = ", ".join(f"{q} {b[0]:.0f} .. {b[1]:.0f} .. {b[2]:.0f}" for q, b in sorted(point["bands"].items()))
        print(f"forecast for {point['run_s']:.1f} s{stale}: {bands}")
    elif message.type == "alarm":
        print(f"{'ALARM' if data['active'] else 'over'}: {data['text']}  {data['action']}".rstrip())
    elif message.type == "field":
        print(f"field {data.quantity} of {'x'.join(map(str, data.values.shape))} cells at {data.run_s:.1f} s{stale}: "
              f"{np.nanmin(data.values):.4g} to {np.nanmax(data.values):.4g}")
    if message.lost:
        print("    (messages before this one were lost)")


def draw(field, path):
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not here (python3-matplotlib): no picture", file=sys.stderr)
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    nx, ny, nz = field.values.shape
    figure, axes = pyplot.subplots(figsize=(8, 4))
    size = [0, 1e3 * nx * field.voxel[0], 0, 1e3 * nz * field.voxel[2]]
    image = axes.imshow(field.values[:, ny // 2, :].T, origin="lower", cmap="inferno", extent=size)
    axes.set(xlabel="x [mm]", ylabel="z [mm]", title=f"{field.quantity} at {field.run_s:.1f} s, middle slice")
    figure.colorbar(image)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    print("written:", path)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("requests", nargs="?", default="tcp://127.0.0.1:5703", help="address of the twin's requests")
    options.add_argument("--key", help="this client's NAME.key of jouletwin keygen")
    options.add_argument("--server-key", help="the twin's NAME.pub")
    options.add_argument("--seconds", type=float, default=10.0, help="how long to watch")
    options.add_argument("--field", default="T_K", help="field to draw")
    options.add_argument("--picture", default="field.png", help="file of the picture")
    o = options.parse_args()
    last = None
    try:
        topics = ["state", "forecast", "alarm", "heartbeat", "field/" + o.field]
        with jouletwin.Twin(o.requests, topics, o.key, o.server_key) as twin:
            end = time.monotonic() + o.seconds
            while time.monotonic() < end:
                for message in twin.poll(min(1.0, max(0.01, end - time.monotonic()))):
                    show(message)
                    if message.type == "field":
                        last = message.data
            print("counters:", dict(twin.counters))
    except jouletwin.Error as error:
        sys.exit(f"{o.requests}: {error}")
    if last is not None:
        draw(last, o.picture)


if __name__ == "__main__":
    main()
