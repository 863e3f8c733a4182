// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/export.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "kernels/error.hpp"
#include "twin/recording/write_file.hpp"
#include "viz/screen/state/actions.hpp"

namespace jt {

namespace {

constexpr int kMostNumbers = 10'000;  // of files of one name
static_assert(std::endian::native == std::endian::little, "the files say LittleEndian");

void append(std::string& text, double value) {
    if (!std::isfinite(value)) return;
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}
void append(std::string& text, float value) {
    if (!std::isfinite(value)) return;
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// A name as RFC 4180 wants it.
std::string quoted(const std::string& name) {
    if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

// What any file system takes.
std::string plain(const std::string& name) {
    std::string out;
    for (const char c : name)
        out += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || (c == '.' && !out.empty()) ? c : '_';
    if (out.size() > 80) out.resize(80);
    return out.empty() ? "run" : out;
}

std::string stem(const ScreenModel& model, double t) {
    char time[40];
    std::snprintf(time, sizeof time, "_t%.6gs", t);
    return plain(model.facts->name) + time;
}

// Makes empty files of one free name, so that nobody else takes it, and fills them.
std::filesystem::path write_new(const std::filesystem::path& folder, const std::string& name,
                                const std::vector<std::pair<std::string, std::string>>& contents) {
    make_folder(folder);
    for (int number = 1; number <= kMostNumbers; ++number) {
        const std::string counter = number == 1 ? "" : std::string("_").append(std::to_string(number));
        std::vector<std::filesystem::path> files;
        const auto give_back = [&] {
            for (const auto& file : files) ::unlink(file.c_str());
        };
        bool taken = false;
        for (const auto& [ending, content] : contents) {
            const auto file = folder / (name + counter + ending);
            const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
            if (descriptor < 0) {
                const int code = errno;
                give_back();
                if (code != EEXIST) throw DiskError(file.string() + ": cannot be written: " + std::strerror(code));
                taken = true;
                break;
            }
            ::close(descriptor);
            files.push_back(file);
        }
        if (taken) continue;
        try {
            for (std::size_t n = 0; n < files.size(); ++n) write_file(files[n], contents[n].second);
        } catch (const DiskError&) {
            give_back();
            throw;
        }
        return files.front();
    }
    throw DiskError((folder / name).string() + ": there are " + std::to_string(kMostNumbers) + " files of that name");
}

std::string series(const ScreenModel& model, const ViewState& view) {
    const History& history = *model.history;
    const double from = view.time_view ? (*view.time_view)[0] : -HUGE_VAL,
                 to = view.time_view ? (*view.time_view)[1] : HUGE_VAL;
    std::string text = "time_s";
    std::vector<std::span<const double>> columns;
    for (const auto& name : history.columns()) text.append(",").append(quoted(name)), columns.push_back(history.column(name));
    text += "\n";
    const auto& times = history.times();
    for (std::size_t row = 0; row < times.size(); ++row) {
        if (times[row] < from || times[row] > to) continue;
        append(text, times[row]);
        for (const auto& column : columns) text += ',', append(text, column[row]);
        text += "\n";
    }
    return text;
}

bool fits(const std::vector<float>* values, const Extents& e) {
    return values && values->size() == e.count();
}

std::string slices(const ScreenModel& model, const ViewState& view) {
    const Extents& e = model.facts->extents;
    const auto *T = model.frame->find("T_K"), *J = model.frame->find("J_over_J0"), *micro = model.frame->find(view.micro_field);
    double mean = 0.0, count = 0.0;
    if (fits(T, e))
        for (std::size_t c = 0; c < T->size(); ++c)
            if (c < model.facts->in_product.size() && model.facts->in_product[c] && std::isfinite((*T)[c]))
                mean += double((*T)[c]), count += 1.0;
    mean /= count;
    std::string text = "x_mm,y_mm,z_mm";
    if (fits(T, e)) text += ",T_K,T_minus_T_mean_K";
    if (fits(J, e)) text += ",J_over_J0";
    if (fits(micro, e)) text.append(",").append(quoted(view.micro_field));
    text += "\n";
    const auto cell = cell_of(view, model);
    std::array<int, 3> low{0, 0, 0}, high{e.nx, e.ny, e.nz};
    const auto normal = std::size_t(std::clamp(view.normal, 0, 2));
    low[normal] = cell[normal], high[normal] = cell[normal] + 1;
    for (int k = low[2]; k < high[2]; ++k)
        for (int j = low[1]; j < high[1]; ++j)
            for (int i = low[0]; i < high[0]; ++i) {
                const std::size_t c = e.index(i, j, k);
                // rounded: 0.35 mm, not 0.35000000000000003
                const auto place = [&](int n, double h) { append(text, std::round(1e9 * 1e3 * (n + 0.5) * h) / 1e9); };
                place(i, e.hx), text += ',', place(j, e.hy), text += ',', place(k, e.hz);
                if (fits(T, e)) text += ',', append(text, (*T)[c]), text += ',', append(text, float(double((*T)[c]) - mean));
                if (fits(J, e)) text += ',', append(text, (*J)[c]);
                if (fits(micro, e)) text += ',', append(text, (*micro)[c]);
                text += "\n";
            }
    return text;
}

// Base64 of a length in 8 bytes and what follows it.
std::string base64(const void* data, std::uint64_t bytes) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes + 10) / 3 * 4);
    unsigned held = 0;
    int count = 0;
    const auto put = [&](const void* from, std::uint64_t length) {
        const auto* byte = static_cast<const unsigned char*>(from);
        for (std::uint64_t n = 0; n < length; ++n) {
            held = held << 8 | byte[n];
            if (++count < 3) continue;
            for (int shift = 18; shift >= 0; shift -= 6) text += kDigits[held >> shift & 63];
            held = 0, count = 0;
        }
    };
    put(&bytes, sizeof bytes);
    put(data, bytes);
    if (count == 1) text += {kDigits[held >> 2 & 63], kDigits[held << 4 & 63], '=', '='};
    if (count == 2) text += {kDigits[held >> 10 & 63], kDigits[held >> 4 & 63], kDigits[held << 2 & 63], '='};
    return text;
}

std::string xml(const std::string& name) {
    std::string out;
    for (const char c : name)
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
    return out;
}

void require_run(const ScreenModel& model, const char* what) {
    if (!model.facts || !model.history) throw InputError(std::string(what) + ": nothing is known of a run yet");
}

}  // namespace

std::filesystem::path export_csv(const ScreenModel& model, const ViewState& view, const std::filesystem::path& folder) {
    require_run(model, "table");
    std::vector<std::pair<std::string, std::string>> contents{{".csv", series(model, view)}};
    if (model.frame && model.facts->extents.count() > 0) contents.emplace_back("_slices.csv", slices(model, view));
    return write_new(folder, stem(model, model.cursor_s), contents);
}

std::filesystem::path export_vtk(const ScreenModel& model, const ViewState&, const std::filesystem::path& folder) {
    require_run(model, "fields");
    if (!model.frame || model.frame->fields.empty()) throw InputError("fields: there are none at this moment");
    const Extents& e = model.facts->extents;
    char head[512];
    std::snprintf(head, sizeof head,
                  "<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" "
                  "header_type=\"UInt64\">\n<ImageData WholeExtent=\"0 %d 0 %d 0 %d\" Origin=\"0 0 0\" Spacing=\"%.17g %.17g "
                  "%.17g\">\n",
                  e.nx, e.ny, e.nz, e.hx, e.hy, e.hz);
    std::string text = head;
    char time[64];
    std::snprintf(time, sizeof time, "%.17g", model.frame->time_s);
    text += "<FieldData><DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" format=\"ascii\">" +
            std::string(time) + "</DataArray></FieldData>\n";
    std::snprintf(head, sizeof head, "<Piece Extent=\"0 %d 0 %d 0 %d\">\n<PointData/>\n<CellData>\n", e.nx, e.ny, e.nz);
    text += head;
    const auto array = [&](const std::string& name, const char* type, const void* data, std::size_t bytes) {
        text += "<DataArray type=\"" + std::string(type) + "\" Name=\"" + xml(name) + "\" format=\"binary\">\n" +
                base64(data, bytes) + "\n</DataArray>\n";
    };
    for (const auto& [name, values] : model.frame->fields)
        if (fits(&values, e)) array(name, "Float32", values.data(), values.size() * sizeof(float));
    if (model.facts->material.size() == e.count())
        array("material", "UInt8", model.facts->material.data(), model.facts->material.size());
    text += "</CellData>\n</Piece>\n</ImageData>\n</VTKFile>\n";
    return write_new(folder, stem(model, model.frame->time_s), {{".vti", std::move(text)}});
}

}  // namespace jt
