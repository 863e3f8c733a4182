// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/run_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "kernels/error.hpp"
#include "twin/recording/hdf5.hpp"
#include "twin/recording/run_xdmf.hpp"
#include "twin/recording/write_file.hpp"

namespace jt {
namespace {

using hdf5::Id;
using Counts = std::vector<hsize_t>;

constexpr std::uint64_t kMostPieceBytes = std::uint64_t(1) << 31;  // HDF5 allows less than 4 GiB
constexpr std::size_t kMostFileSteps = 10'000'000;                 // lists of times and offsets are made for all at once
const char* const kMaterialName = "material";

Counts shape_of(std::size_t steps, const Extents& e) {
    return {steps, hsize_t(e.nz), hsize_t(e.ny), hsize_t(e.nx)};
}

Id group(hid_t parent, const char* name, const std::filesystem::path& file) {
    // Links in the order they were made. VTK 9.4 does not find the offsets below in groups without it.
    const Id properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    return {hdf5::written(H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT), file), H5Gclose};
}

// A data set in pieces that all have their place from the start and are never filled with anything; it can grow to `most`.
Id data_set(hid_t parent, const std::string& name, hid_t type, const Counts& shape, const Counts& most, const Counts& piece,
            const std::filesystem::path& file) {
    const Id space(hdf5::written(H5Screate_simple(int(shape.size()), shape.data(), most.data()), file), H5Sclose);
    const Id create(H5Pcreate(H5P_DATASET_CREATE), H5Pclose), access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk(create, int(piece.size()), piece.data());
    H5Pset_alloc_time(create, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(create, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(create, false);
    H5Pset_chunk_cache(access, 0, 0, 0.0);  // numbers go to the file at once
    return {hdf5::written(H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT, create, access), file), H5Dclose};
}

Id open_data_set(hid_t parent, const std::string& name, const std::filesystem::path& file) {
    const Id access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access, 0, 0, 0.0);
    return {hdf5::read(H5Dopen2(parent, name.c_str(), access), file), H5Dclose};
}

void write_attribute(hid_t object, const char* name, hid_t type, const void* values, hsize_t count, bool scalar,
                     const std::filesystem::path& file) {
    const Id space(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr), H5Sclose);
    const Id attribute(hdf5::written(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), file), H5Aclose);
    hdf5::written(H5Awrite(attribute, type, values), file);
}
void write_numbers(hid_t object, const char* name, const std::vector<std::int64_t>& values, const std::filesystem::path& file) {
    write_attribute(object, name, H5T_NATIVE_INT64, values.data(), values.size(), false, file);
}
void write_numbers(hid_t object, const char* name, const std::vector<double>& values, const std::filesystem::path& file) {
    write_attribute(object, name, H5T_NATIVE_DOUBLE, values.data(), values.size(), false, file);
}

// Texts of fixed length, the longest one's: readers of VTKHDF know no others.
void write_texts(hid_t object, const char* name, const std::vector<std::string>& texts, bool scalar,
                 const std::filesystem::path& file) {
    std::size_t longest = 1;
    for (const auto& text : texts) longest = std::max(longest, text.size());
    std::vector<char> flat(texts.size() * longest, '\0');
    for (std::size_t n = 0; n < texts.size(); ++n) std::memcpy(&flat[n * longest], texts[n].data(), texts[n].size());
    const Id type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type, longest);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    write_attribute(object, name, type, flat.data(), texts.size(), scalar, file);
}

// Selects one output of a data set whose first axis is time.
Id selected(hid_t data, const Counts& one, std::size_t step) {
    Id space(H5Dget_space(data), H5Sclose);
    Counts start(one.size(), 0);
    start[0] = step;
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, one.data(), nullptr) < 0) return {};
    return space;
}

// Counts now, and at most.
std::pair<Counts, Counts> lengths_in_file(hid_t data) {
    const Id space(H5Dget_space(data), H5Sclose);
    Counts now(std::size_t(std::max(0, H5Sget_simple_extent_ndims(space)))), most = now;
    H5Sget_simple_extent_dims(space, now.data(), most.data());
    return {now, most};
}

}  // namespace

std::array<std::uint64_t, 4> piece_of_field(const Extents& e, std::size_t most_steps, std::uint64_t most_bytes) {
    std::array<std::uint64_t, 4> piece{most_steps, std::uint64_t(e.nz), std::uint64_t(e.ny), std::uint64_t(e.nx)};
    for (std::size_t axis = 1; axis < 4; ++axis)
        while (piece[axis] > 1 && piece[0] * piece[1] * piece[2] * piece[3] * sizeof(float) > most_bytes)
            piece[axis] = (piece[axis] + 1) / 2;
    return piece;
}

struct RunFile::State {
    std::filesystem::path path;
    Extents extents;
    std::vector<std::string> names;
    std::size_t room = 0, length = 1;  // most outputs; length of the fields along time
    std::vector<double> times;
    std::size_t listed = 0;  // outputs in the .xdmf

    // closed from the last to the first: the file after all that is in it
    Id file, steps, count, values;
    std::vector<Id> fields;

    State(std::filesystem::path at, const Extents& e, std::vector<std::string> field_names, std::size_t most)
        : path(std::move(at)), extents(e), names(std::move(field_names)), room(most) {}

    void make(const std::filesystem::path& aside, std::span<const std::uint8_t> material,
              const std::vector<std::string>& material_names) {
        const Id access = hdf5::file_access();
        file = Id(hdf5::written(H5Fcreate(aside.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), path), H5Fclose);
        const Id root = group(file, "VTKHDF", path);
        const Extents& e = extents;
        write_numbers(root, "Version", std::vector<std::int64_t>{2, 0}, path);
        write_texts(root, "Type", {"ImageData"}, true, path);
        write_numbers(root, "WholeExtent", std::vector<std::int64_t>{0, e.nx, 0, e.ny, 0, e.nz}, path);
        write_numbers(root, "Origin", std::vector<double>{0.0, 0.0, 0.0}, path);
        write_numbers(root, "Spacing", std::vector<double>{e.hx, e.hy, e.hz}, path);
        write_numbers(root, "Direction", std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1}, path);

        steps = group(root, "Steps", path);
        const std::int64_t none = 0;
        write_attribute(steps, "NSteps", H5T_NATIVE_INT64, &none, 1, true, path);
        count = Id(hdf5::written(H5Aopen(steps, "NSteps", H5P_DEFAULT), path), H5Aclose);
        values = data_set(steps, "Values", H5T_IEEE_F64LE, {1}, {room}, {room}, path);
        const Id offsets = group(steps, "CellDataOffsets", path), cells = group(root, "CellData", path);
        std::vector<std::int64_t> at(room);
        const auto add_offsets = [&](const std::string& name) {
            const Id data = data_set(offsets, name, H5T_STD_I64LE, {room}, {room}, {room}, path);
            hdf5::written(H5Dwrite(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, at.data()), path);
        };
        add_offsets(kMaterialName);  // the same at every output
        for (std::size_t n = 0; n < room; ++n) at[n] = std::int64_t(n);
        const auto piece = piece_of_field(e, room, kMostPieceBytes), piece_of_one = piece_of_field(e, 1, kMostPieceBytes);
        for (const auto& name : names) {
            add_offsets(name);
            fields.push_back(
                data_set(cells, name, H5T_IEEE_F32LE, shape_of(1, e), shape_of(room, e), {piece.begin(), piece.end()}, path));
        }
        const Id data = data_set(cells, kMaterialName, H5T_STD_U8LE, shape_of(1, e), shape_of(1, e),
                                 {piece_of_one.begin(), piece_of_one.end()}, path);
        hdf5::written(H5Dwrite(data, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, material.data()), path);
        if (!material_names.empty()) write_texts(data, "names", material_names, false, path);
        flush();
        hdf5::synchronise(file, path);
    }

    void flush() { hdf5::written(H5Fflush(file, H5F_SCOPE_LOCAL), path); }

    void put(std::size_t field, const float* from) {
        const Counts one = shape_of(1, extents);
        const Id memory(H5Screate_simple(int(one.size()), one.data(), nullptr), H5Sclose);
        hdf5::written(
            H5Dwrite(fields[field], H5T_NATIVE_FLOAT, memory, selected(fields[field], one, times.size()), H5P_DEFAULT, from),
            path);
    }

    // Each of the steps below is one small write in place; between any two of them the file is whole. Values is never longer
    // than NSteps says: VTK (9.4) reads past its list otherwise.
    void lengthen(std::size_t to) {
        if (length >= to) return;
        for (const Id& field : fields) hdf5::written(H5Dset_extent(field, shape_of(to, extents).data()), path);
        flush();
        length = to;
    }
    void set_count(std::size_t to) {
        const std::int64_t steps_now = std::int64_t(to);
        hdf5::written(H5Awrite(count, H5T_NATIVE_INT64, &steps_now), path);
        flush();
    }
    void set_length_of_values(std::size_t to) {
        const hsize_t length_now = std::max<std::size_t>(to, 1);
        hdf5::written(H5Dset_extent(values, &length_now), path);
        flush();
    }

    // Makes the output that was put count, after it is on the disk. Its time goes to its place in Values before Values is long
    // enough to show it, which HDF5 itself does not offer.
    void seal(double time) {
        haddr_t place = 0;
        const Id all(H5Dget_space(values), H5Sclose);
        hdf5::written(H5Dget_chunk_info(values, all, 0, nullptr, nullptr, &place, nullptr), path);
        flush();
        hdf5::write_at(file, place + times.size() * sizeof(double), time, path);
        hdf5::synchronise(file, path);
        set_count(times.size() + 1);
        set_length_of_values(times.size() + 1);
        times.push_back(time);
    }

    void write_xdmf() {
        std::filesystem::path beside = path;
        write_file(beside.replace_extension(".xdmf"), run_xdmf(path.filename().string(), extents, names, length, times));
        listed = times.size();
    }
};

RunFile::RunFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunFile::RunFile(RunFile&&) noexcept = default;
RunFile& RunFile::operator=(RunFile&&) noexcept = default;
RunFile::~RunFile() = default;

RunFile RunFile::create(const std::filesystem::path& path, const Extents& extents, const std::vector<std::string>& fields,
                        std::size_t most_steps, std::span<const std::uint8_t> material,
                        const std::vector<std::string>& material_names) {
    const std::set<std::string> unique(fields.begin(), fields.end());
    if (material.size() != extents.count() || unique.size() != fields.size() || unique.contains(kMaterialName) ||
        unique.contains(""))
        throw Error(path.string() + ": fields or materials do not fit the box");
    if (most_steps == 0 || most_steps > kMostFileSteps)
        throw InputError(path.string() + ": " + std::to_string(most_steps) + " outputs; allowed: 1 to " +
                         std::to_string(kMostFileSteps) + ", see run.output_every");
    auto state = std::make_unique<State>(path, extents, fields, most_steps);
    const std::filesystem::path aside = path.string() + ".part";
    const auto make = [&] {
        state->make(aside, material, material_names);
        std::error_code code;
        std::filesystem::rename(aside, path, code);
        if (code) throw DiskError(path.string() + ": cannot be written: " + code.message());
    };
    try {
        make();
    } catch (...) {
        std::error_code not_even_there;
        std::filesystem::remove(aside, not_even_there);
        throw;
    }
    state->write_xdmf();
    return RunFile(std::move(state));
}

RunFile RunFile::open(const std::filesystem::path& path, std::size_t outputs) {
    const Id access = hdf5::file_access();
    Id file(hdf5::read(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), path), H5Fclose);
    const auto not_ours = [&](const std::string& why) { return InputError(path.string() + ": is not a run file: " + why); };
    std::int64_t extent[6], held = 0;
    double spacing[3];
    hdf5::read_attribute(file, "/VTKHDF", "WholeExtent", H5T_NATIVE_INT64, 6, extent, path);
    hdf5::read_attribute(file, "/VTKHDF", "Spacing", H5T_NATIVE_DOUBLE, 3, spacing, path);
    hdf5::read_attribute(file, "/VTKHDF/Steps", "NSteps", H5T_NATIVE_INT64, 1, &held, path);
    for (const std::int64_t upper : {extent[1], extent[3], extent[5]})
        if (upper < 1 || upper > std::numeric_limits<int>::max()) throw not_ours("WholeExtent is impossible");
    const Extents e{int(extent[1]), int(extent[3]), int(extent[5]), spacing[0], spacing[1], spacing[2]};

    const Id cells(hdf5::read(H5Gopen2(file, "/VTKHDF/CellData", H5P_DEFAULT), path), H5Gclose);
    H5G_info_t info;
    hdf5::read(H5Gget_info(cells, &info), path);
    std::vector<std::string> names;
    for (hsize_t n = 0; n < info.nlinks; ++n) {
        char name[256];
        hdf5::read(
            H5Lget_name_by_idx(cells, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, n, name, sizeof name, H5P_DEFAULT) < 0 ? -1 : 0,
            path);
        if (std::string(name) != kMaterialName) names.emplace_back(name);
    }
    auto state = std::make_unique<State>(path, e, names, 0);
    state->values = open_data_set(file, "/VTKHDF/Steps/Values", path);
    const auto [length, room] = lengths_in_file(state->values);
    if (length.size() != 1 || held < 0 || hsize_t(held) > room[0] || room[0] > kMostFileSteps)
        throw not_ours("NSteps and Values contradict each other");
    const std::size_t complete = std::min(std::size_t(held), std::size_t(length[0])),
                      keep = std::min(outputs, std::size_t(room[0]));
    if (complete < keep)
        throw InputError(path.string() + ": holds " + std::to_string(complete) + " outputs, " + std::to_string(keep) +
                         " are needed");
    state->room = room[0];
    state->length = std::numeric_limits<std::size_t>::max();
    for (const auto& name : names) {
        state->fields.push_back(open_data_set(cells, name, path));
        const auto [now, most] = lengths_in_file(state->fields.back());
        if (most != shape_of(state->room, e) || now[0] < keep) throw not_ours(name + " has another shape");
        state->length = std::min(state->length, std::size_t(now[0]));
    }
    state->times.resize(length[0]);
    hdf5::read(H5Dread(state->values, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, state->times.data()), path);
    state->times.resize(keep);
    state->file = std::move(file);
    state->steps = Id(hdf5::read(H5Gopen2(state->file, "/VTKHDF/Steps", H5P_DEFAULT), path), H5Gclose);
    state->count = Id(hdf5::read(H5Aopen(state->steps, "NSteps", H5P_DEFAULT), path), H5Aclose);
    state->set_length_of_values(keep);
    state->set_count(keep);
    state->write_xdmf();
    return RunFile(std::move(state));
}

void RunFile::append(double time, const std::map<std::string, std::span<const float>>& values) {
    State& s = *state_;
    if (s.file < 0 || s.times.size() >= s.room)
        throw Error(s.path.string() + ": no room for output " + std::to_string(s.times.size() + 1));
    for (const auto& [name, field] : values)
        if (std::find(s.names.begin(), s.names.end(), name) == s.names.end() || field.size() != s.extents.count())
            throw Error(s.path.string() + ": " + name + " is no field of this file");
    s.lengthen(s.times.size() + 1);
    const std::vector<float> absent(values.size() < s.names.size() ? s.extents.count() : 0, std::nanf(""));
    for (std::size_t f = 0; f < s.names.size(); ++f) {
        const auto found = values.find(s.names[f]);
        s.put(f, found == values.end() ? absent.data() : found->second.data());
    }
    s.seal(time);
    // The list is written anew each time; in long runs only when it has grown by 1/64, so that its cost stays in proportion.
    if (s.times.size() >= s.listed + 1 + s.listed / 64) s.write_xdmf();
}

std::vector<float> RunFile::read(const std::string& field, std::size_t step) const {
    const State& s = *state_;
    const auto found = std::find(s.names.begin(), s.names.end(), field);
    if (found == s.names.end() || step >= s.times.size() || s.file < 0)
        throw InputError(s.path.string() + ": has no output " + std::to_string(step) + " of " + field);
    const Id& from = s.fields[std::size_t(found - s.names.begin())];
    const Counts one = shape_of(1, s.extents);
    const Id memory(H5Screate_simple(int(one.size()), one.data(), nullptr), H5Sclose);
    std::vector<float> values(s.extents.count());
    hdf5::read(H5Dread(from, H5T_NATIVE_FLOAT, memory, selected(from, one, step), H5P_DEFAULT, values.data()), s.path);
    return values;
}

void RunFile::close() {
    State& s = *state_;
    if (s.file < 0) return;
    s.write_xdmf();
    s.fields.clear();
    for (Id* id : {&s.values, &s.count, &s.steps}) hdf5::written(id->close(), s.path);
    s.flush();
    hdf5::synchronise(s.file, s.path);
    hdf5::written(s.file.close(), s.path);
}

bool RunFile::full() const {
    return state_->times.size() >= state_->room;
}
std::size_t RunFile::steps() const {
    return state_->times.size();
}
const std::vector<double>& RunFile::times() const {
    return state_->times;
}
const std::vector<std::string>& RunFile::fields() const {
    return state_->names;
}

}  // namespace jt
