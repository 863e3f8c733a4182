// SPDX-License-Identifier: Apache-2.0
// Files of what the screen shows: the numbers of the model, and no file is ever lost.
#include "viz/screen/state/export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <sstream>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "viz/screen/state/actions.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::HasSubstr;

struct Shown {
    RunFacts facts;
    History history{{"T_mean_K", "a,b"}};
    ScreenModel model;
    ViewState view;
    Shown() {
        facts.name = "runs/a b";
        facts.extents = Extents{4, 3, 2, 1e-3, 2e-3, 0.1e-3};
        facts.material.assign(24, 1), facts.material[5] = 0;
        facts.in_product.assign(24, true), facts.in_product[5] = false;
        for (int n = 0; n <= 100; ++n)
            history.append(0.1 * n, std::vector<double>{300.0 + n, n == 50 ? std::nan("") : 1e-9 * n});
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = 5.0;
        for (const char* name : {"T_K", "J_over_J0", "id_ig"}) {
            auto& values = frame->fields[name];
            for (int c = 0; c < 24; ++c) values.push_back(name[0] == 'T' ? 1000.0f + float(c) : 0.1f * float(c));
            values[5] = std::nanf("");
        }
        model.facts = &facts, model.history = &history, model.frame = frame, model.cursor_s = 5.02, model.end_s = 10.0;
    }
};

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

TEST(Export, TheTableIsWhatTheChartsShow) {
    const Folder folder;
    Shown s;
    s.view.time_view = {{4.95, 5.25}};
    const auto file = export_csv(s.model, s.view, folder.path() / "out");
    EXPECT_EQ(file.filename(), "runs_a_b_t5.02s.csv");
    const auto lines = lines_of(folder.read("out/runs_a_b_t5.02s.csv"));
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[0], "time_s,T_mean_K,\"a,b\"");
    EXPECT_EQ(lines[1], "5,350,");  // no value there
    EXPECT_THAT(lines[2], HasSubstr(",351,5.1"));
    s.view.time_view.reset();
    export_csv(s.model, s.view, folder.path() / "out");
    EXPECT_EQ(lines_of(folder.read("out/runs_a_b_t5.02s_2.csv")).size(), 102u);
}

TEST(Export, TheSliceIsTheOneAtTheProbeWithItsPlaces) {
    const Folder folder;
    Shown s;
    s.view.normal = 2, s.view.cell = {{1, 1, 1}};
    export_csv(s.model, s.view, folder.path());
    auto lines = lines_of(folder.read("runs_a_b_t5.02s_slices.csv"));
    ASSERT_EQ(lines.size(), 13u);
    EXPECT_EQ(lines[0], "x_mm,y_mm,z_mm,T_K,T_minus_T_mean_K,J_over_J0,id_ig");
    double mean = 0.0;
    for (int c = 0; c < 24; ++c)
        if (c != 5) mean += (1000.0 + c) / 23.0;
    std::istringstream row(lines[6]);  // cell 1, 1, 1: number 17
    std::vector<double> values;
    for (std::string cell; std::getline(row, cell, ',');) values.push_back(std::stod(cell));
    ASSERT_EQ(values.size(), 7u);
    EXPECT_EQ(values[0], 1.5);
    EXPECT_EQ(values[1], 3.0);
    EXPECT_EQ(values[2], 0.15);
    EXPECT_EQ(values[3], 1017.0);
    EXPECT_NEAR(values[4], 1017.0 - mean, 1e-3);
    EXPECT_FLOAT_EQ(float(values[5]), 1.7f);
    s.view.normal = 0, s.view.cell = {{1, 0, 0}};
    export_csv(s.model, s.view, folder.path());
    lines = lines_of(folder.read("runs_a_b_t5.02s_2_slices.csv"));
    ASSERT_EQ(lines.size(), 7u);
    EXPECT_EQ(lines[2], "1.5,3,0.05,,,,");  // the cell without values
    s.model.frame = nullptr;
    export_csv(s.model, s.view, folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "runs_a_b_t5.02s_3_slices.csv"));
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "runs_a_b_t5.02s_3.csv"));
}

std::string attribute(const std::string& text, const std::string& name, std::size_t from = 0) {
    const auto at = text.find(name + "=\"", from) + name.size() + 2;
    return text.substr(at, text.find('"', at) - at);
}

std::vector<unsigned char> decoded(const std::string& text) {
    static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<unsigned char> bytes;
    unsigned held = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string::npos) continue;
        held = held << 6 | unsigned(digit), bits += 6;
        if (bits >= 8) bytes.push_back((unsigned char)(held >> (bits -= 8)));
    }
    return bytes;
}

TEST(Export, TheVtkImageHoldsEveryFieldOfTheFrame) {
    const Folder folder;
    Shown s;
    const auto file = export_vtk(s.model, s.view, folder.path());
    EXPECT_EQ(file.filename(), "runs_a_b_t5s.vti");
    const std::string text = folder.read("runs_a_b_t5s.vti");
    EXPECT_THAT(text, testing::StartsWith("<?xml"));
    EXPECT_EQ(attribute(text, "WholeExtent"), "0 4 0 3 0 2");
    std::istringstream spacing(attribute(text, "Spacing"));
    double h[3];
    spacing >> h[0] >> h[1] >> h[2];
    EXPECT_EQ(h[0], 1e-3);
    EXPECT_EQ(h[1], 2e-3);
    EXPECT_EQ(h[2], 0.1e-3);
    EXPECT_EQ(attribute(text, "header_type"), "UInt64");
    for (const auto& [name, values] : s.model.frame->fields) {
        const auto at = text.find("Name=\"" + name + "\"");
        ASSERT_NE(at, std::string::npos) << name;
        const auto begin = text.find('>', at) + 1;
        const auto bytes = decoded(text.substr(begin, text.find('<', begin) - begin));
        ASSERT_EQ(bytes.size(), 8 + values.size() * sizeof(float));
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), 8);
        EXPECT_EQ(length, values.size() * sizeof(float));
        EXPECT_EQ(std::memcmp(bytes.data() + 8, values.data(), length), 0) << name;
    }
    EXPECT_THAT(text, HasSubstr("type=\"UInt8\" Name=\"material\""));
    const auto open = [&](const std::string& what) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++count;
        return count;
    };
    for (const char* tag : {"DataArray", "CellData", "Piece", "ImageData", "VTKFile", "FieldData"})
        EXPECT_EQ(open("<" + std::string(tag) + " ") + open("<" + std::string(tag) + ">"), open("</" + std::string(tag) + ">"))
            << tag;
}

TEST(Export, NothingIsEverOverwritten) {
    const Folder folder;
    const Shown s;
    folder.write("runs_a_b_t5s.vti", "somebody's");
    folder.write("runs_a_b_t5.02s_slices.csv", "somebody's");
    EXPECT_EQ(export_vtk(s.model, s.view, folder.path()).filename(), "runs_a_b_t5s_2.vti");
    EXPECT_EQ(export_vtk(s.model, s.view, folder.path()).filename(), "runs_a_b_t5s_3.vti");
    EXPECT_EQ(export_csv(s.model, s.view, folder.path()).filename(), "runs_a_b_t5.02s_2.csv");
    EXPECT_EQ(folder.read("runs_a_b_t5s.vti"), "somebody's");
    EXPECT_EQ(folder.read("runs_a_b_t5.02s_slices.csv"), "somebody's");
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "runs_a_b_t5.02s.csv"));  // both of one number
    EXPECT_EQ(folder.files(), 6u);
}

TEST(Export, WhatCannotBeWrittenOrIsNotThereIsNamed) {
    const Folder folder;
    Shown s;
    folder.write("file", "in the way");
    EXPECT_THROW(export_csv(s.model, s.view, folder.path() / "file"), DiskError);
    EXPECT_THROW(export_vtk(s.model, s.view, folder.path() / "file" / "deeper"), DiskError);
    s.model.frame = nullptr;
    EXPECT_THROW(export_vtk(s.model, s.view, folder.path()), InputError);
    s.model.facts = nullptr;
    EXPECT_THROW(export_csv(s.model, s.view, folder.path()), InputError);
    EXPECT_EQ(folder.files(), 1u);
}

}  // namespace
}  // namespace jt
