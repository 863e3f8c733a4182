// SPDX-License-Identifier: Apache-2.0
// A run with one frame of fields that are linear in place, for tests of panels that show fields.
#pragma once
#include <cmath>
#include <limits>
#include <memory>

#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/panels.hpp"

namespace jt {

struct BedRun {
    RunFacts facts;
    std::shared_ptr<FieldFrame> frame = std::make_shared<FieldFrame>();
    std::vector<std::string> names{"T_K", "J_over_J0", "phi_V", "sigma_S_per_m", "id_ig"};
    std::vector<double> times{0.0, 1.0};
    ScreenModel model;
    ViewState view;
    Input input;
    UiMemory memory;
    bool bed_panel = true;  // off: the slices alone are drawn

    explicit BedRun(const Extents& e = {10, 6, 4, 1e-3, 1e-3, 0.5e-3}) {
        facts.extents = e;
        facts.material.assign(e.count(), 1);
        facts.material_names = {"void", "char"};
        facts.in_product.assign(e.count(), true);
        facts.scenario.bed.initial_temperature = 298.15;
        facts.scenario.terminals = {{"left", Face::xmin, "", 0.0, {}, {}}, {"right", Face::xmax, "", 0.0, {}, {}}};
        Material voids, coal;
        coal.kinetics.emplace();
        facts.scenario.materials = {voids, coal};
        frame->time_s = 1.0;
        for (const auto& name : names) frame->fields[name].assign(e.count(), 1.0f);
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    frame->fields["T_K"][c] = float(1000 + i);
                    frame->fields["phi_V"][c] = float(-i);
                    frame->fields["id_ig"][c] = float(1.0 + 0.01 * j);
                }
        link();
    }
    void link() {
        model.facts = &facts, model.frame = frame, model.field_names = &names, model.frame_times = &times;
        model.source.kind = SourceState::Kind::finished;
    }
    void make_void(std::size_t cell) {
        facts.material[cell] = 0, facts.in_product[cell] = false;
        for (auto& [name, values] : frame->fields) values[cell] = std::numeric_limits<float>::quiet_NaN();
    }
    struct Drawn {
        std::vector<FigureItem> items;
        Image pixels;
        double redraw_s;
    };
    Drawn draw(double width = 1920, double height = 1080, const Theme& theme = grey_theme(), BedRenderer* renderer = nullptr) {
        CairoPainter painter{int(width), int(height)};
        Scribe scribe(painter);
        Ui ui(scribe, theme, input, memory, renderer);
        const Layout layout = layout_of(width, height);
        painter.rectangle(layout.window, theme.background);
        if (bed_panel) draw_bed_panel(ui, layout.bed, model, view);
        draw_slices(ui, layout, model, view);
        if (!input.down[0]) memory.active.clear();
        return {scribe.items(), painter.pixels(), ui.next_redraw_s()};
    }
    // Press and release of the left button at a point.
    void click(Point at, double width = 1920, double height = 1080) {
        input = {};
        input.mouse = at, input.pressed[0] = input.down[0] = true;
        draw(width, height);
        input.pressed[0] = input.down[0] = false, input.released[0] = true;
        draw(width, height);
        input = {};
    }
};

}  // namespace jt
