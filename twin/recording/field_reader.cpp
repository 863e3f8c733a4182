// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/field_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/recording/hdf5.hpp"

namespace jt {
namespace {

using hdf5::Id;
using Counts = std::vector<hsize_t>;

const char* const kMaterial = "material";
constexpr std::size_t kMostNames = 4096, kLongestName = 256;

Counts shape_in_file(hid_t data) {
    const Id space(H5Dget_space(data), H5Sclose);
    Counts shape(std::size_t(std::max(0, H5Sget_simple_extent_ndims(space))));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    return shape;
}

std::vector<std::string> texts_of(hid_t object, const char* name, const std::filesystem::path& file) {
    if (H5Aexists(object, name) <= 0) return {};
    const Id attribute(hdf5::read(H5Aopen(object, name, H5P_DEFAULT), file), H5Aclose);
    const Id type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
    const std::size_t longest = H5Tget_size(type);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) > 0 || count < 0 || std::size_t(count) > kMostNames ||
        longest > kLongestName)
        throw InputError(file.string() + ": is not a run file: the names of its materials are no texts");
    std::vector<char> flat(std::size_t(count) * longest);
    hdf5::read(H5Aread(attribute, type, flat.data()), file);
    std::vector<std::string> texts;
    for (std::size_t n = 0; n < std::size_t(count); ++n) {
        std::string text(&flat[n * longest], longest);
        text.resize(std::min(text.find('\0'), text.size()));
        texts.push_back(std::move(text));
    }
    return texts;
}

}  // namespace

struct FieldReader::State {
    std::filesystem::path path;
    Extents extents;
    std::vector<double> times;
    std::vector<std::string> names, material_names;
    std::vector<std::uint8_t> material;
    Id file;  // closed after what is in it
    std::vector<Id> fields;

    Counts one() const { return {1, hsize_t(extents.nz), hsize_t(extents.ny), hsize_t(extents.nx)}; }
};

FieldReader::FieldReader(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
    State& s = *state_;
    s.path = path;
    const auto not_ours = [&](const std::string& why) { return InputError(path.string() + ": is not a run file: " + why); };
    const Id access = hdf5::file_access();
    s.file = Id(hdf5::read(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), path), H5Fclose);
    std::int64_t extent[6], held = 0;
    double spacing[3];
    hdf5::read_attribute(s.file, "/VTKHDF", "WholeExtent", H5T_NATIVE_INT64, 6, extent, path);
    hdf5::read_attribute(s.file, "/VTKHDF", "Spacing", H5T_NATIVE_DOUBLE, 3, spacing, path);
    hdf5::read_attribute(s.file, "/VTKHDF/Steps", "NSteps", H5T_NATIVE_INT64, 1, &held, path);
    double cells = 1.0;
    for (const std::int64_t upper : {extent[1], extent[3], extent[5]}) {
        if (upper < 1 || upper > std::numeric_limits<int>::max()) throw not_ours("WholeExtent is impossible");
        cells *= double(upper);
    }
    for (const double h : spacing)
        if (!std::isfinite(h) || !(h > 0.0)) throw not_ours("Spacing is impossible");
    if (cells > double(std::numeric_limits<int>::max())) throw not_ours("WholeExtent is impossible");
    s.extents = {int(extent[1]), int(extent[3]), int(extent[5]), spacing[0], spacing[1], spacing[2]};

    const Id values(hdf5::read(H5Dopen2(s.file, "/VTKHDF/Steps/Values", H5P_DEFAULT), path), H5Dclose);
    const Counts length = shape_in_file(values);
    if (length.size() != 1 || held < 0 || length[0] > 10'000'000) throw not_ours("NSteps and Values contradict each other");
    s.times.resize(length[0]);
    hdf5::read(H5Dread(values, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, s.times.data()), path);
    s.times.resize(std::min(std::size_t(held), s.times.size()));  // beyond NSteps numbers mean nothing
    for (std::size_t n = 0; n < s.times.size(); ++n)
        if (!std::isfinite(s.times[n]) || (n > 0 && s.times[n] < s.times[n - 1])) throw not_ours("its times do not ascend");

    const Id group(hdf5::read(H5Gopen2(s.file, "/VTKHDF/CellData", H5P_DEFAULT), path), H5Gclose);
    H5G_info_t info;
    hdf5::read(H5Gget_info(group, &info), path);
    if (info.nlinks > kMostNames) throw not_ours("it has too many fields");
    const Counts one = s.one();
    for (hsize_t n = 0; n < info.nlinks; ++n) {
        char name[kLongestName];
        hdf5::read(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, n, name, sizeof name, H5P_DEFAULT) < 0 ? -1 : 0,
                   path);
        Id data(hdf5::read(H5Dopen2(group, name, H5P_DEFAULT), path), H5Dclose);
        const Counts shape = shape_in_file(data);
        if (shape.size() != 4 || !std::equal(one.begin() + 1, one.end(), shape.begin() + 1) || shape[0] < 1)
            throw not_ours(std::string(name) + " has another shape than the bed");
        if (name == std::string(kMaterial)) {
            s.material.resize(s.extents.count());
            hdf5::read(H5Dread(data, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, s.material.data()), path);
            s.material_names = texts_of(data, "names", path);
            continue;
        }
        if (shape[0] < s.times.size()) throw not_ours(std::string(name) + " has fewer outputs than NSteps says");
        s.names.emplace_back(name);
        s.fields.push_back(std::move(data));
    }
}

FieldReader::FieldReader(FieldReader&&) noexcept = default;
FieldReader& FieldReader::operator=(FieldReader&&) noexcept = default;
FieldReader::~FieldReader() = default;

const Extents& FieldReader::extents() const {
    return state_->extents;
}
const std::vector<double>& FieldReader::times() const {
    return state_->times;
}
const std::vector<std::string>& FieldReader::fields() const {
    return state_->names;
}
bool FieldReader::has(const std::string& field) const {
    return std::find(state_->names.begin(), state_->names.end(), field) != state_->names.end();
}
const std::vector<std::uint8_t>& FieldReader::material() const {
    return state_->material;
}
const std::vector<std::string>& FieldReader::material_names() const {
    return state_->material_names;
}

std::vector<float> FieldReader::read(const std::string& field, std::size_t output) const {
    const State& s = *state_;
    const auto found = std::find(s.names.begin(), s.names.end(), field);
    if (found == s.names.end() || output >= s.times.size())
        throw InputError(s.path.string() + ": has no output " + std::to_string(output) + " of " + field);
    const Id& from = s.fields[std::size_t(found - s.names.begin())];
    const Counts one = s.one();
    Counts start(one.size(), 0);
    start[0] = output;
    const Id memory(H5Screate_simple(int(one.size()), one.data(), nullptr), H5Sclose), space(H5Dget_space(from), H5Sclose);
    hdf5::read(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, one.data(), nullptr), s.path);
    std::vector<float> values(s.extents.count());
    hdf5::read(H5Dread(from, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, values.data()), s.path);
    return values;
}

}  // namespace jt
