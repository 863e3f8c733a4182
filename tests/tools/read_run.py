#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""read_run.py [--pattern] FOLDER...: reads the run files of run folders as ParaView does and compares all outputs.

run.xdmf through vtkXdmfReader (ParaView 5.11 of Debian 12, VTK 9.2; Debian's python3-vtk9 9.1 has no reader of XDMF, and
vtkXdmf3Reader knows no HyperSlab). run.h5 through vtkHDFReader where VTK is 9.3 or later: before that it knows no time steps.
Times and the largest T_K must be those of timeseries.csv; with --pattern every number must be what write_run.cpp wrote.
Exit 0 all equal, 1 a difference, 2 this Python has no such reader.
"""
import csv
import pathlib
import sys

try:
    import numpy
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkVersion
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
    from vtkmodules.vtkIOXdmf2 import vtkXdmfReader
except ImportError as error:
    print(f"{sys.executable}: {error}", file=sys.stderr)
    sys.exit(2)


def outputs(reader, file):
    """(time, cells, spacing, arrays by name) of each output."""
    reader.SetFileName(str(file))
    reader.UpdateInformation()
    times = reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or ()
    for time in times:
        reader.UpdateTimeStep(time)
        image = reader.GetOutputDataObject(0)
        while image.IsA("vtkMultiBlockDataSet"):
            image = image.GetBlock(0)
        data = image.GetCellData()
        arrays = {data.GetArrayName(n): vtk_to_numpy(data.GetArray(n)).copy() for n in range(data.GetNumberOfArrays())}
        yield time, tuple(n - 1 for n in image.GetDimensions()), image.GetSpacing(), arrays


def compare(found, rows, pattern):
    """Raises AssertionError at the first difference; the number of outputs."""
    count = 0
    for (time, cells, spacing, arrays), row in zip(found, rows, strict=True):
        where = f"output {count} at {time} s"
        assert time == float(row["time_s"]), f"{where}: timeseries.csv says {row['time_s']} s"
        assert numpy.nanmax(arrays["T_K"]) == numpy.float32(row["T_max_K"]), f"{where}: T_K up to {numpy.nanmax(arrays['T_K'])}"
        assert arrays["material"].dtype == numpy.uint8, f"{where}: material is {arrays['material'].dtype}"
        for name, values in arrays.items():
            assert values.size == numpy.prod(cells), f"{where}: {values.size} values of {name} in {cells} cells"
        if pattern:
            assert cells == (7, 5, 3) and numpy.allclose(spacing, (1e-3, 2e-3, 4e-3), rtol=1e-12), f"{where}: {cells} {spacing}"
            cell = numpy.arange(7 * 5 * 3)
            J = 65536 + 1024 * count + cell if count > 0 else numpy.full(cell.size, numpy.nan)
            for name, expected in {"T_K": 1024 * count + cell, "J_A_per_m2": J, "material": cell % 3}.items():
                assert numpy.array_equal(arrays[name], expected, equal_nan=name == "J_A_per_m2"), f"{where}: {name} differs"
        count += 1
    return count


def main(arguments):
    pattern = "--pattern" in arguments
    version = vtkVersion.GetVTKVersion()
    failed = False
    for folder in (pathlib.Path(a) for a in arguments if a != "--pattern"):
        with open(folder / "timeseries.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        readers = [(vtkXdmfReader(), "run.xdmf")]
        if (vtkVersion.GetVTKMajorVersion(), vtkVersion.GetVTKMinorVersion()) >= (9, 3):
            from vtkmodules.vtkIOHDF import vtkHDFReader
            readers.append((vtkHDFReader(), "run.h5"))
        for reader, name in readers:
            try:
                count = compare(outputs(reader, folder / name), rows, pattern)
                print(f"{folder / name}: {count} outputs, as VTK {version} reads them")
                assert count > 0, "no output"
            except (AssertionError, ValueError, KeyError) as difference:
                print(f"{folder / name}: {difference!r}, as VTK {version} reads it")
                failed = True
    return failed


sys.exit(main(sys.argv[1:]))
