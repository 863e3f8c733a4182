#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the state of a running twin and plots a slice of a field: example.py [ADDRESS [QUANTITY]]"""
import sys

import numpy as np

from jouletwin import Client, WireError


def show_state(state):
    print(f"{state['run_s']:9.2f} s  {state['quality']}")
    for name, e in state["scalars"].items():
        print(f"    {name:20s} {e['value']:12.5g}   90 %: {e['low']:.5g} to {e['high']:.5g}")


def show_field(field):
    slice_ = field["values"][field["cells"][2] // 2]
    low, high = np.nanmin(slice_), np.nanmax(slice_)
    try:
        import matplotlib.pyplot as plt
    except ImportError:  # then in letters
        shades = np.array(list(" .:-=+*#%@"))
        level = np.nan_to_num((slice_ - low) / max(high - low, 1e-30)) * (len(shades) - 1)
        for row in shades[level.astype(int)][:: max(1, len(slice_) // 24)]:
            print("    " + "".join(row))
        return
    width, height = (field["cells"][n] * field["voxel"][n] * 1e3 for n in (0, 1))
    plt.imshow(slice_, origin="lower", extent=(0, width, 0, height), cmap="inferno")
    plt.title(f"{field['quantity']} at {field['run_s']:.1f} s")
    plt.xlabel("x in mm"), plt.ylabel("y in mm"), plt.colorbar()
    plt.savefig("field.png")
    print(f"    {field['quantity']}: {low:.5g} to {high:.5g}, in field.png")


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5703"
    quantity = sys.argv[2] if len(sys.argv) > 2 else "T_K"
    with Client(address) as twin:
        try:
            print(f"{twin.hello()['program']} at {address}")
            for message in twin.follow(["state", "field/" + quantity]):
                (show_field if message.header.type == "field" else show_state)(message.content)
        except WireError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
