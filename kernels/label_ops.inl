// SPDX-License-Identifier: Apache-2.0
// What needs more than one pass over cells: joining labels, maxima, percentiles; by Thrust on the device of the launcher, which
// provides thrust_policy(stream) and DeviceVector. All of it is blocking.
#include <thrust/copy.h>
#include <thrust/count.h>
#include <thrust/extrema.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <thrust/iterator/zip_iterator.h>
#include <thrust/remove.h>
#include <thrust/scatter.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/transform.h>
#include <thrust/transform_reduce.h>
#include <thrust/tuple.h>

namespace jt::JT_NS {

struct DotProduct {
    const float *a, *b;
    JT_HD double operator()(Cell c) const { return double(a[c.n]) * double(b[c.n]); }
};

struct MaxInt {
    JT_HD int operator()(int a, int b) const { return a > b ? a : b; }
};
struct AddInt64 {
    JT_HD std::int64_t operator()(std::int64_t a, std::int64_t b) const { return a + b; }
};
struct NotNegative {
    JT_HD bool operator()(float v) const { return v >= 0.0f; }
};

inline int largest_reach(Stream& stream, const Grid& g, FedReach reach) {
    const auto cells = thrust::make_counting_iterator<std::int64_t>(0);
    return thrust::transform_reduce(thrust_policy(stream), cells, cells + g.cells(), reach, 0, MaxInt{});
}

template <class Count>
std::int64_t count_cells(Stream& stream, const Grid& g, Count count) {
    const auto cells = thrust::make_counting_iterator<std::int64_t>(0);
    return thrust::transform_reduce(thrust_policy(stream), cells, cells + g.cells(), count, std::int64_t(0), AddInt64{});
}

// Joins the runs of RunLabel. Every round each label that still touches a smaller one takes the smallest such as its parent
// (sort, then the first of each); parents are followed to the root; edges inside one component leave. The number of labels at
// least halves wherever components still touch, so a few rounds do.
inline std::int64_t join_labels(Stream& stream, const Grid& g, Faces<double> a, CellLabel* label) {
    const auto policy = thrust_policy(stream);
    const std::int64_t cells = g.cells();
    const auto first = thrust::make_counting_iterator<std::int64_t>(0);

    DeviceVector<CellLabel> parent(static_cast<std::size_t>(cells));
    thrust::sequence(policy, parent.begin(), parent.end());
    CellLabel* parents = thrust::raw_pointer_cast(parent.data());

    const JoinsRuns joins{g, {a, g}};
    DeviceVector<std::int64_t> edges(static_cast<std::size_t>(thrust::count_if(policy, first, first + 2 * cells, joins)));
    thrust::copy_if(policy, first, first + 2 * cells, edges.begin(), joins);
    DeviceVector<std::uint64_t> pairs(edges.size());
    thrust::transform(policy, edges.begin(), edges.end(), pairs.begin(), EdgeLabels{g, label});
    edges.clear();
    edges.shrink_to_fit();

    DeviceVector<std::uint64_t> best;
    DeviceVector<CellLabel> key, root;
    while (true) {
        pairs.erase(thrust::remove_if(policy, pairs.begin(), pairs.end(), SameRoot{}), pairs.end());
        if (pairs.empty()) break;
        thrust::sort(policy, pairs.begin(), pairs.end());
        // Sorted, so the first pair of each label holds its smallest partner. By place and not by thrust::unique, which reads
        // one element before the array in Thrust 1.17.
        best.resize(pairs.size());
        const std::uint64_t* sorted = thrust::raw_pointer_cast(pairs.data());
        best.erase(thrust::copy_if(policy, pairs.begin(), pairs.end(), first, best.begin(), FirstOfLabel{sorted}), best.end());
        key.resize(best.size());
        root.resize(best.size());
        thrust::transform(policy, best.begin(), best.end(), key.begin(), UpperOf{});
        thrust::transform(policy, best.begin(), best.end(), root.begin(), RootOfLower{{parents}});
        thrust::scatter(policy, root.begin(), root.end(), key.begin(), parent.begin());
        // hooks of one round may form chains: bring each hooked label to its root
        thrust::transform(policy, key.begin(), key.end(), root.begin(), FindRoot{parents});
        thrust::scatter(policy, root.begin(), root.end(), key.begin(), parent.begin());
        thrust::transform(policy, pairs.begin(), pairs.end(), pairs.begin(), RootPair{{parents}});
    }
    thrust::transform(policy, label, label + cells, label, FindRoot{parents});
    return count_cells(stream, g, IsRoot{label});
}

inline std::vector<double> sorted_percentiles(Stream& stream, const float* packed, std::int64_t count,
                                              const std::vector<double>& ranks) {
    const auto policy = thrust_policy(stream);
    DeviceVector<float> values(static_cast<std::size_t>(count));
    values.erase(thrust::copy_if(policy, packed, packed + count, values.begin(), NotNegative{}), values.end());
    std::vector<double> result;
    if (values.empty()) return result;
    thrust::sort(policy, values.begin(), values.end());
    for (const double rank : ranks) {
        const auto last = std::int64_t(values.size()) - 1;
        auto at = std::int64_t(rank * double(values.size()));
        at = at < 0 ? 0 : at > last ? last : at;
        result.push_back(double(float(values[std::size_t(at)])));
    }
    return result;
}

}  // namespace jt::JT_NS
