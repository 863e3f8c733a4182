// SPDX-License-Identifier: Apache-2.0
#include "twin/electric/electric_field.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>

#include "kernels/error.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/oracle.hpp"
#include "twin/electric/effective.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

Material conductor(const std::string& name, double sigma) {
    Material m;
    m.name = name;
    if (sigma > 0.0) m.sigma = DirectionalLaw{Law::make_constant(sigma), {}, 2};
    return m;
}

// A bed of one material of 1 S/m times a factor per cell; factor 0 is void.
Bed bed_of(const Extents& e, const std::vector<double>& s) {
    Bed bed;
    bed.extents = e;
    Material none;
    none.name = "void";
    none.is_void = true;
    bed.materials = {none, conductor("a", 1.0)};
    bed.sheets = {Sheet{}};
    for (const double v : s) {
        bed.material.push_back(v > 0.0);
        bed.sigma_factor.push_back(float(v));
    }
    return bed;
}

std::vector<Terminal> ends(int axis, double contact = 0.0) {
    std::vector<Terminal> terminals(2);
    for (int upper = 0; upper < 2; ++upper) {
        terminals[std::size_t(upper)].name = upper ? "high" : "low";
        terminals[std::size_t(upper)].face = static_cast<Face>(2 * axis + upper);
        terminals[std::size_t(upper)].contact_resistivity = contact;
    }
    return terminals;
}

std::vector<double> random_map(const Extents& e, double decades, double empty, std::uint64_t seed) {
    test::Random random{seed};
    std::vector<double> s(e.count());
    for (double& v : s) {
        v = double(float(std::pow(10.0, decades * random.unit())));
        if (random.unit() < empty) v = 0.0;
    }
    return s;
}

class ElectricFieldOn : public test::OnEveryDevice {};
JT_ON_EVERY_DEVICE(ElectricFieldOn);

TEST_P(ElectricFieldOn, PotentialAndCurrentEqualGaussianEliminationAlongEveryAxis) {
    const Extents e{7, 5, 6, 1e-3, 2e-3, 0.5e-3};
    const auto s = random_map(e, 3.0, 0.0, 11);
    for (int axis = 0; axis < 3; ++axis)
        for (const double contact : {0.0, 2e-3}) {
            ElectricField field(*backend, bed_of(e, s), ends(axis, contact), {});
            const ElectricReport r = field.solve_voltage(2.0);
            const test::DenseReference exact(e, s, axis, 2.0, contact);
            EXPECT_NEAR(r.current, exact.current, 1e-7 * exact.current) << axis;
            const auto phi = field.potential_V();
            for (std::size_t c = 0; c < phi.size(); ++c) ASSERT_NEAR(phi[c] + 1.0, exact.phi[c], 1e-7) << axis << " cell " << c;
        }
}

TEST_P(ElectricFieldOn, JouleHeatClosesWithTheTerminalPowerOnFourDecadesWithHolesAndContacts) {
    const Extents e{14, 12, 10, 1e-3, 1e-3, 1e-3};
    const auto s = random_map(e, 4.0, 0.2, 5);
    ElectricField field(*backend, bed_of(e, s), ends(2, 1e-5), {});
    const ElectricReport r = field.solve_current(3.0);
    EXPECT_DOUBLE_EQ(r.current, 3.0);
    EXPECT_LE(r.closure_relative, 1e-9);
    EXPECT_LE(r.current_balance_relative, 1e-8);
    double heat = 0.0;
    for (const double q : field.joule_heat_W_per_m3())
        if (std::isfinite(q)) heat += q * e.voxel_volume();
    EXPECT_NEAR(heat, r.joule_W, 1e-9 * r.joule_W);
    EXPECT_GT(r.contact_W, 0.0);
    EXPECT_NEAR(r.joule_W + r.contact_W, r.voltage * r.current, 1e-9 * r.power);
}

TEST_P(ElectricFieldOn, IslandsThatNoTerminalFeedsArePinnedAndCarryNothing) {
    const Extents e{8, 8, 8, 1e-3, 1e-3, 1e-3};
    std::vector<double> s(e.count(), 0.0);
    for (int k = 0; k < 8; ++k) s[e.index(2, 2, k)] = 10.0;                  // a wire
    s[e.index(5, 5, 4)] = s[e.index(6, 5, 4)] = s[e.index(5, 6, 4)] = 10.0;  // an island
    for (int k = 0; k < 4; ++k) s[e.index(0, 6, k)] = 10.0;                  // a dead end
    ElectricField field(*backend, bed_of(e, s), ends(2), {});
    EXPECT_TRUE(field.percolation().percolates);
    EXPECT_EQ(field.percolation().pinned_cells, 3);
    const ElectricReport r = field.solve_voltage(1.0);
    EXPECT_NEAR(r.resistance, 8e-3 / (10.0 * 1e-6), 1e-6);
    const auto J = field.current_density_A_per_m2();
    EXPECT_TRUE(std::isnan(J[e.index(5, 5, 4)]));
    EXPECT_NEAR(double(J[e.index(2, 2, 3)]), r.current / 1e-6, 1e-3);
    EXPECT_NEAR(double(J[e.index(0, 6, 2)]), 0.0, 1e-3);
}

TEST_P(ElectricFieldOn, BedThatDoesNotPercolateNamesTheBlockingPlane) {
    const Extents e{4, 4, 9, 1e-3, 1e-3, 1e-3};
    std::vector<double> s(e.count(), 1.0);
    for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i) s[e.index(i, j, 6)] = 0.0;
    ElectricField field(*backend, bed_of(e, s), ends(2), {});
    EXPECT_FALSE(field.percolation().percolates);
    EXPECT_EQ(field.percolation().reach, 6);
    try {
        field.solve_voltage(1.0);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(
            error.what(),
            HasSubstr("no path for the current along z: what terminal \"low\" (zmin) feeds ends before plane 6 of 0..8"));
    }
}

TEST_P(ElectricFieldOn, ContactBetweenMaterialsStandsInSeries) {
    const Extents e{1, 1, 10, 1e-3, 1e-3, 1e-3};
    Bed bed = bed_of(e, std::vector<double>(10, 1.0));
    bed.materials.push_back(conductor("b", 4.0));
    for (int k = 5; k < 10; ++k) bed.material[std::size_t(k)] = 2;
    Interface contact;
    contact.between = {"b", "a"};
    contact.electrical = 500.0;
    ElectricField field(*backend, bed, ends(2), {contact});
    EXPECT_NEAR(field.solve_voltage(1.0).resistance, (5e-3 / 1.0 + 1.0 / 500.0 + 5e-3 / 4.0) / 1e-6, 1e-4);
}

TEST_P(ElectricFieldOn, AnisotropicSheetKeepsItsInPlaneAndThroughConductance) {
    const Extents e{6, 5, 3, 1e-3, 1e-3, 1e-4};
    Bed bed = bed_of(e, std::vector<double>(e.count(), 1.0));
    bed.materials[1].sigma = DirectionalLaw{Law::make_constant(1000.0), Law::make_constant(20.0), 2};
    bed.sigma_factor.clear();
    bed.sheets = {Sheet{}, Sheet{2, 0.28 / 0.3}};
    bed.sheet.assign(e.count(), 1);
    {
        ElectricField in_plane(*backend, bed, ends(0), {});
        EXPECT_NEAR(in_plane.solve_voltage(1.0).resistance, 6e-3 / (1000.0 * 5e-3 * 0.28e-3), 1e-7);
    }
    ElectricField through(*backend, bed, ends(2), {});
    EXPECT_NEAR(through.solve_voltage(1.0).resistance, 0.28e-3 / (20.0 * 30e-6), 1e-7);
    // of a metal that conducts alike along all axes the sheet's thickness alone makes the difference
    bed.materials[1].sigma = DirectionalLaw{Law::make_constant(1000.0), {}, 2};
    ElectricField foil(*backend, bed, ends(0), {}), across(*backend, bed, ends(2), {});
    EXPECT_NEAR(foil.solve_voltage(1.0).resistance, 6e-3 / (1000.0 * 5e-3 * 0.28e-3), 1e-7);
    EXPECT_NEAR(across.solve_voltage(1.0).resistance, 0.28e-3 / (1000.0 * 30e-6), 1e-9);
}

TEST_P(ElectricFieldOn, TerminalOfOneMaterialFeedsOnlyItsPartOfTheFace) {
    const Extents e{4, 1, 2, 1e-3, 1e-3, 1e-3};
    Bed bed = bed_of(e, std::vector<double>(e.count(), 1.0));
    bed.materials.push_back(conductor("strip", 100.0));
    for (int i = 0; i < 4; ++i) bed.material[e.index(i, 0, 1)] = 2;
    auto terminals = ends(0);
    terminals[0].material = terminals[1].material = "strip";
    const Interface apart{{"a", "strip"}, 0.0, {}, 0.5};
    ElectricField field(*backend, bed, terminals, {apart});
    EXPECT_EQ(field.percolation().pinned_cells, 4);
    EXPECT_NEAR(field.solve_voltage(1.0).resistance, 4e-3 / (100.0 * 1e-6), 1e-5);
}

TEST_P(ElectricFieldOn, ThreeTerminalsShareTheCurrentSoThatItBalances) {
    const Extents e{8, 8, 4, 1e-3, 1e-3, 1e-3};
    auto terminals = ends(0);
    terminals.push_back(terminals[1]);
    terminals[2].name = "side";
    terminals[2].face = Face::ymax;
    ElectricField field(*backend, bed_of(e, std::vector<double>(e.count(), 1.0)), terminals, {});
    const ElectricReport r = field.solve_current(2.0);
    ASSERT_EQ(r.terminal_currents.size(), 3u);
    EXPECT_NEAR(r.terminal_currents[0], 2.0, 1e-12);
    EXPECT_LT(r.terminal_currents[1], 0.0);
    EXPECT_LT(r.terminal_currents[2], r.terminal_currents[1]);  // the side is nearer
    EXPECT_NEAR(r.terminal_currents[1] + r.terminal_currents[2], -2.0, 1e-8);
}

TEST_P(ElectricFieldOn, CrowdingIsThePercentileInTheProductOverJ0) {
    const Extents e{10, 10, 1, 1e-3, 1e-3, 1e-3};
    std::vector<double> s(e.count(), 1.0);
    for (int k = 0; k < 1; ++k)
        for (int j = 0; j < 10; ++j)
            if (j != 5) s[e.index(4, j, k)] = 0.0;  // a wall with a hole
    Bed bed = bed_of(e, s);
    ElectricField field(*backend, bed, ends(0), {});
    const ElectricReport r = field.solve_current(1.0);
    EXPECT_NEAR(r.J0_A_per_m2, 1.0 / 10e-6, 1e-3);
    EXPECT_NEAR(r.crowding_max, 10.0, 1e-4);  // all of it through one cell of ten
    bed.product.assign(e.count(), 0);
    for (int j = 0; j < 10; ++j) bed.product[e.index(0, j, 0)] = 1;
    ElectricField away(*backend, bed, ends(0), {});
    EXPECT_LT(away.solve_current(1.0).crowding_max, 3.0);
}

TEST(ElectricField, SameBitsForEveryDeviceAndNumberOfThreads) {
    const Extents e{45, 37, 41, 1e-3, 1e-3, 0.6e-3};
    const Bed bed = bed_of(e, random_map(e, 3.0, 0.15, 9));
    std::vector<double> first;
    const int before = omp_get_max_threads();
    for (const auto& [device, threads] :
         std::vector<std::pair<std::string, int>>{{"cpu", 1}, {"cpu", 2}, {"cpu", 3}, {"mirror", 2}, {"mirror-reversed", 2}}) {
        omp_set_num_threads(threads);
        const auto backend = make_backend(device);
        ElectricField field(*backend, bed, ends(1), {});
        const ElectricReport r = field.solve_voltage(1.0);
        std::vector<double> all = field.potential_V();
        for (double& v : all) v = std::isnan(v) ? -1e9 : v;
        for (const float J : field.current_density_A_per_m2()) all.push_back(std::isnan(J) ? -1e9 : double(J));
        for (const double v : {r.current, r.power, r.joule_W, r.crowding, r.current_balance_relative}) all.push_back(v);
        if (first.empty()) first = all;
        EXPECT_TRUE(all == first) << device << ", " << threads << " threads";
    }
    omp_set_num_threads(before);
}

TEST(ElectricField, FewerThanTwoTerminalsAndUnknownMaterialsAreRefused) {
    const auto backend = make_backend("cpu");
    const Bed bed = bed_of({2, 2, 2, 1, 1, 1}, std::vector<double>(8, 1.0));
    EXPECT_THROW(ElectricField(*backend, bed, {ends(0)[0]}, {}), InputError);
    auto terminals = ends(0);
    terminals[0].material = "gold";
    EXPECT_THROW(ElectricField(*backend, bed, terminals, {}), InputError);
}

TEST(EffectiveConductivity, LayersAreParallelAlongAndInSeriesAcrossWhateverTheAxis) {
    const auto backend = make_backend("cpu");
    for (int normal = 0; normal < 3; ++normal) {
        const Extents e{6, 6, 6, 1e-3, 1e-3, 1e-3};
        std::vector<double> s(e.count());
        for (int k = 0; k < 6; ++k)
            for (int j = 0; j < 6; ++j)
                for (int i = 0; i < 6; ++i) s[e.index(i, j, k)] = (normal == 0 ? i : normal == 1 ? j : k) < 3 ? 1.0 : 9.0;
        const Effective found = effective_conductivity(*backend, bed_of(e, s));
        for (int axis = 0; axis < 3; ++axis)
            EXPECT_NEAR(found.axis[std::size_t(axis)].sigma_S_per_m, axis == normal ? 1.8 : 5.0, 1e-7) << normal << axis;
    }
}

TEST(EffectiveConductivity, AxisThatDoesNotPercolateSaysSoAndTheOthersAreSolved) {
    const auto backend = make_backend("cpu");
    const Extents e{5, 5, 5, 1e-3, 1e-3, 1e-3};
    std::vector<double> s(e.count(), 2.0);
    for (int k = 0; k < 5; ++k)
        for (int j = 0; j < 5; ++j) s[e.index(2, j, k)] = 0.0;
    const Effective found = effective_conductivity(*backend, bed_of(e, s));
    EXPECT_FALSE(found.axis[0].percolation.percolates);
    EXPECT_EQ(found.axis[0].sigma_S_per_m, 0.0);
    EXPECT_NEAR(found.axis[1].sigma_S_per_m, 1.6, 1e-8);
    EXPECT_NEAR(found.axis[2].sigma_S_per_m, 1.6, 1e-8);
}

}  // namespace
}  // namespace jt
