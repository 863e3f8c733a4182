// SPDX-License-Identifier: Apache-2.0
// A recorded run as a source of the screen, read once. Stands in for viz/screen/data/folder_source.hpp, whose open_folder takes
// its place.
#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <utility>

#include "twin/recording/read_run.hpp"
#include "viz/screen/data/run_source.hpp"

namespace jt::cli {

class FolderViewSource final : public RunSource {
public:
    explicit FolderViewSource(const std::filesystem::path& folder) : run_(RunData::read(folder)) {
        facts_.name = run_.name(), facts_.folder = folder.string(), facts_.scenario = run_.scenario();
        facts_.in_product = run_.in_product();
        if (const FieldReader* fields = run_.fields()) {
            facts_.extents = fields->extents();
            facts_.material = fields->material(), facts_.material_names = fields->material_names();
            frame_times_ = fields->times(), names_ = fields->fields();
            std::erase_if(names_, [](const std::string& name) { return name == "material" || name == "bed"; });
        }
        if (const auto device = run_.text("device")) facts_.device = *device;
        history_ = History(run_.columns());
        std::vector<double> row(run_.columns().size());
        for (std::size_t n = 0; n < run_.times().size(); ++n) {
            for (std::size_t c = 0; c < row.size(); ++c) row[c] = run_.column(run_.columns()[c])[n];
            history_.append(run_.times()[n], row);
        }
        for (const auto& event : run_.events()) events_.push_back({event.time_s.value_or(0.0), event.text});
    }
    bool poll() override { return std::exchange(news_, false); }
    SourceState state() const override { return {SourceState::Kind::finished, {}, {}, facts_.name, 0.0}; }
    const RunFacts* facts() const override { return &facts_; }
    RunStatus status() const override {
        RunStatus s;
        s.phase = RunStatus::Phase(run_.state());
        s.realtime_factor = run_.number("realtime_factor"), s.energy_residual = run_.number("energy", "residual_relative");
        return s;
    }
    const History& history() const override { return history_; }
    const std::vector<ScreenEvent>& events() const override { return events_; }
    const std::vector<double>& frame_times() const override { return frame_times_; }
    const std::vector<std::string>& field_names() const override { return names_; }
    void want(double t, const std::vector<std::string>& fields) override {
        if (frame_times_.empty()) return;
        const std::size_t output = run_.output_near(t);
        if (frame_ && frame_->time_s == frame_times_[output] &&
            std::all_of(fields.begin(), fields.end(), [&](const auto& name) { return frame_->find(name); }))
            return;
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = frame_times_[output];
        for (const auto& name : fields) frame->fields[name] = run_.fields()->read(name, output);
        frame_ = frame, news_ = true;
    }
    FramePtr frame() const override { return frame_; }

private:
    RunData run_;
    RunFacts facts_;
    History history_;
    std::vector<ScreenEvent> events_;
    std::vector<double> frame_times_;
    std::vector<std::string> names_;
    FramePtr frame_;
    bool news_ = true;
};

inline std::unique_ptr<RunSource> open_folder(const std::filesystem::path& folder) {
    return std::make_unique<FolderViewSource>(folder);
}

}  // namespace jt::cli
